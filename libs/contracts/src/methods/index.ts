export { checkCall } from './check-call';
export { shownParameters } from './shown';
export { fileParameters, isKnownMethod, methodNames, parametersOf, textParameters, typeOf } from './types';
