import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { datasetCatalogue, datasetNames, suggest, type DatasetName } from '@retort/contracts';
import { Type } from 'typebox';
import { Problem } from '../../../problem.js';
import { answer, refusals } from '../../../schemas/answer.js';
import { ref } from '../../../schemas/component.js';
import { Dataset } from '../../../schemas/index.js';

const tags = ['datasets'];

export const datasets: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.get(
    '/',
    {
      schema: {
        operationId: 'listDatasets',
        tags,
        summary: 'List the datasets that a spec can name',
        response: { 200: answer('All of them.', Type.Object({ data: Type.Array(ref(Dataset)) })), ...refusals() },
      },
    },
    () => ({ data: datasetNames.map(describe) }),
  );

  app.get(
    '/:name',
    {
      schema: {
        operationId: 'getDataset',
        tags,
        summary: 'Get a dataset',
        params: Type.Object({ name: Type.String({ description: 'Its name.' }) }, { additionalProperties: false }),
        response: { 200: answer('The dataset.', ref(Dataset)), ...refusals('not-found') },
      },
    },
    ({ params: { name } }) => {
      const known = datasetNames.find((candidate) => candidate === name);
      if (!known) throw new Problem('not-found', `There is no dataset "${name}": ${suggest(name, datasetNames)}.`);
      return describe(known);
    },
  );
  done();
};

function describe(name: DatasetName) {
  const { shape, class_names, files, ...about } = datasetCatalogue[name];
  return { name, ...about, shape: [...shape], class_names: [...class_names], files };
}
