export { lookMs, Uploads, type Upload } from './uploads';
