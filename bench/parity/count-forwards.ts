import type { Classifier, Net } from '@retort/lab';

/** A net as a classifier that counts the images which pass through it, as the peers' nets do. */
export function countForwards(net: Net): { readonly classifier: Classifier; readonly forwards: () => number } {
  let forwards = 0;
  const counted =
    <Result>(pass: (batch: Tensor) => Result) =>
    (batch: Tensor): Result => {
      forwards += batch.shape[0];
      return pass(batch);
    };
  const { inputShape, classes, rejection } = net;
  const classifier = {
    inputShape,
    classes,
    rejection,
    logits: counted((batch) => net.logits(batch)),
    linearise: counted((batch) => net.linearise!(batch)),
  };
  return { classifier, forwards: () => forwards };
}

type Tensor = Parameters<Classifier['logits']>[0];
