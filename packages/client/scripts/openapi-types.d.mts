/** Where the types of the API are kept. */
export const typesFile: URL;
/** The types of an OpenAPI document, as TypeScript. */
export function openapiTypes(document: object): Promise<string>;
