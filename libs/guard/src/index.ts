export { Guard, NotPublic } from './guard';
export { within } from './within';
