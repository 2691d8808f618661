export { addressPolicy, type AddressPolicy } from './addresses.js';
export { listDeliveries, redeliver, sendTest } from './deliveries.js';
export { startSender, type Sender } from './sender.js';
export {
  changeEndpoint,
  createEndpoint,
  deleteEndpoint,
  listEndpoints,
  readEndpoint,
  rotateSecret,
  type IssuedEndpoint,
} from './endpoints.js';
export { WebhookDeliveryView, WebhookEndpointView } from './views.js';
