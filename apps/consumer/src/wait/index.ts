export { WaitingRooms } from './waiting-rooms';
