export { Guard, NotPublic } from './guard';
