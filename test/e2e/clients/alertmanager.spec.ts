import type { Sandbox } from '../../../apps/sandbox/src/sandbox';
import { botToken, eventually, startNode, type RabbitNode } from '../../support';
import { aSystem } from '../system';
import { anAlertmanager, missingAlertmanager, type Alertmanager } from './alertmanager';

const chat = 1001;
const withAlertmanager = missingAlertmanager ? describe.skip : describe;
const why = missingAlertmanager ? ` (skipped: needs the package ${missingAlertmanager})` : '';

withAlertmanager(`Prometheus Alertmanager with the door as its api_url${why}`, () => {
  let node: RabbitNode;
  let sandbox: Sandbox;
  let alertmanager: Alertmanager;

  beforeAll(async () => {
    node = await startNode();
    const system = await aSystem({ brokerUrl: node.url });
    sandbox = system.sandbox;
    const [{ url }] = await Promise.all([system.producer(), system.consumer()]);
    alertmanager = await anAlertmanager(url, botToken, chat);
  }, 120_000);

  /** First lines of the messages about an alert, with Alertmanager's own template. */
  const heard = (alertname: string) =>
    sandbox
      .accepted({ chat_id: chat })
      .map(({ params }) => String(params.text))
      .filter((text) => text.includes(alertname))
      .map((text) => text.trim().split('\n', 1)[0]);
  const hears = (alertname: string, times: number) =>
    eventually(() => heard(alertname).length >= times && heard(alertname), `${times} of ${alertname}`, 45_000);

  it('tells of an alert that fires and that it is resolved', async () => {
    await alertmanager.fire('DiskFull');
    expect(await hears('DiskFull', 1)).toEqual(['Alerts Firing:']);

    await alertmanager.resolve('DiskFull');
    expect(await hears('DiskFull', 2)).toEqual(['Alerts Firing:', 'Alerts Resolved:']);
    expect(await alertmanager.failures()).toBe(0);
  });

  it('tells once of an alert that fires while the broker is stopped, as soon as it is back', async () => {
    await node.stop();
    await alertmanager.fire('Outage');
    await eventually(async () => (await alertmanager.failures()) > 0, 'the door has refused the alert', 30_000);
    expect(heard('Outage')).toEqual([]);

    await node.restart();
    expect(await hears('Outage', 1)).toEqual(['Alerts Firing:']);
    await alertmanager.resolve('Outage');
    expect(await hears('Outage', 2)).toEqual(['Alerts Firing:', 'Alerts Resolved:']);
  }, 120_000);
});
