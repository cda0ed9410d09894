export { DeliveryServer } from './delivery.server';
export { readDelivery } from './read-delivery';
