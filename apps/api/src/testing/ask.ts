import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';

/** Asks the API and makes sure that the answer is one that its OpenAPI document promises. */
export type Ask = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  options?: InjectOptions,
) => Promise<LightMyRequestResponse>;

/** A way to ask this app. */
export function askOf(app: FastifyInstance): Ask {
  const document = app.swagger() as unknown as { paths: Record<string, object> };
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
  ajv.addSchema(document, 'openapi');
  return async (method, url, options = {}) => {
    const response = await app.inject({ method, url, ...options });
    const path = url.split('?', 1)[0]!;
    const template = Object.keys(document.paths).find((candidate) => matches(candidate, path));
    if (!template) return response;
    const mediaType = String(response.headers['content-type']).split(';', 1)[0]!;
    if (!mediaType.endsWith('json')) return response;
    const place = [
      'paths',
      template,
      method.toLowerCase(),
      'responses',
      String(response.statusCode),
      'content',
      mediaType,
    ];
    const validate = ajv.getSchema(`openapi#/${place.map(escape).join('/')}/schema`);
    if (!validate)
      throw new Error(`${method} ${template} is not documented to answer ${response.statusCode} ${mediaType}`);
    if (!validate(response.json())) {
      throw new Error(`${method} ${url} answered otherwise than documented: ${ajv.errorsText(validate.errors)}`);
    }
    return response;
  };
}

function matches(template: string, path: string): boolean {
  return new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}/?$`).test(path);
}

function escape(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}
