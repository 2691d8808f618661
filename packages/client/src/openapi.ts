export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether this process is alive */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether this process can serve
         * @description It can while Postgres answers. Without Redis experiments are accepted, read and cancelled as ever and their jobs wait; `redis` then says `degraded`.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List experiments, the newest first */
        get: operations["listExperiments"];
        put?: never;
        /**
         * Submit an experiment
         * @description Accepts a spec: when the answer comes its jobs are in Postgres, and nothing loses them. With an `Idempotency-Key` a repeated request is answered with the experiment that the first one made.
         */
        post: operations["createExperiment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an experiment */
        get: operations["getExperiment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an experiment
         * @description Cancels every job that has not ended: what waits at once, what runs as soon as its worker hears of it. A second request changes nothing.
         */
        post: operations["cancelExperiment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{id}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the jobs of an experiment, parents before their children */
        get: operations["listExperimentJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an experiment with all of its jobs and their results
         * @description What a table or a report is made from, in one answer.
         */
        get: operations["getExperimentResults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read or follow the events of an experiment
         * @description A stream ends after `experiment.finished`; a client that comes back sends `Last-Event-ID`.
         */
        get: operations["listExperimentEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{id}/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what an experiment found
         * @description A row a net, seed and grid point, each compared with its reference. Of an experiment that runs: with what is known so far.
         */
        get: operations["getExperimentSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the report of an experiment as a page
         * @description One self-contained HTML page; of an experiment that runs, with what is known so far.
         */
        get: operations["getExperimentReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List jobs, the newest first */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a job */
        get: operations["getJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a job and the jobs that depend on it
         * @description A job that waits is cancelled at once; one that runs as soon as its worker hears of it, until when `cancel_requested` is true. One that has ended stays as it is.
         */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the curves of a job */
        get: operations["listJobMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the attempts at a job */
        get: operations["listJobAttempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read or follow the events of a job
         * @description Numbered within the experiment. A stream ends when the job has ended.
         */
        get: operations["listJobEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/artifacts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the bytes of an artifact */
        get: operations["getJobArtifact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List nets, the newest first */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a net
         * @description Its weights are the artifact `weights` of its job.
         */
        get: operations["getModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/datasets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the datasets that a spec can name */
        get: operations["listDatasets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/datasets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a dataset */
        get: operations["getDataset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List workers, the latest started first */
        get: operations["listWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count what waits and what runs */
        get: operations["getQueue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * ExperimentSpec
         * @description An experiment: nets, attacks on them and what is measured. A field that an axis of `grid` sets may be left out where the axis sets it.
         * @example {
         *       "name": "tiny",
         *       "dataset": {
         *         "name": "mnist",
         *         "train": 100,
         *         "validation": 50,
         *         "test": 100
         *       },
         *       "models": {
         *         "a": {
         *           "kind": "train",
         *           "architecture": "compact",
         *           "temperature": 1,
         *           "epochs": 1,
         *           "optimizer": {
         *             "name": "sgd"
         *           },
         *           "learning_rate": {
         *             "base": 0.1
         *           }
         *         }
         *       },
         *       "attacks": {
         *         "fgsm": {
         *           "attack": "fgsm",
         *           "examples": {
         *             "count": 10,
         *             "choose": "any"
         *           }
         *         }
         *       }
         *     }
         */
        ExperimentSpec: {
            name: string;
            description?: string;
            /**
             * @description Your own labels, kept and returned as they are.
             * @default {}
             */
            metadata?: {
                [key: string]: string;
            };
            dataset: {
                /**
                 * @description The dataset, by name; GET /v1/datasets lists them.
                 * @enum {unknown}
                 */
                name: "mnist";
                /** @description Number of training images. */
                train: number;
                /**
                 * @description Number of images held out of the official training set to judge a net by while it trains.
                 * @default 1000
                 */
                validation?: number;
                /**
                 * @description Number of images of the official test set.
                 * @default 10000
                 */
                test?: number;
                /**
                 * @description Seed of the split; apart from `seeds`, so that nets of different seeds see the same images.
                 * @default 0
                 */
                split_seed?: number;
                /**
                 * @description What a pixel from 0 to 255 is divided by: 255, or 256 as in the code of Song (2017).
                 * @default 255
                 */
                pixel_divisor?: number;
            };
            /**
             * @description The whole experiment is repeated with each seed.
             * @default [
             *       0
             *     ]
             */
            seeds?: number[];
            /** @description The nets, by name. */
            models: {
                [key: string]: {
                    /** @enum {string} */
                    kind: "train";
                    /**
                     * @description The net: `papernot-mnist` (Papernot et al. 2015), `lenet` (after LeCun et al. 1998) or `compact`.
                     * @enum {unknown}
                     */
                    architecture: "papernot-mnist" | "lenet" | "compact";
                    /** @default {} */
                    initialisation?: {
                        /**
                         * @default glorot-uniform
                         * @enum {unknown}
                         */
                        name?: "glorot-uniform" | "he-normal";
                        /**
                         * @description Multiplies the initial weights of the last layer: by 1, or by T so that training starts at T = 1.
                         * @default one
                         * @enum {unknown}
                         */
                        output_scale?: "one" | "temperature";
                    };
                    /** @description The softmax temperature T in training: logits are divided by it. */
                    temperature: number;
                    epochs: number;
                    /** @default 128 */
                    batch_size?: number;
                    optimizer: {
                        /** @enum {string} */
                        name: "sgd";
                    } | {
                        /** @enum {string} */
                        name: "momentum";
                        /** @description Share of the last step kept. */
                        momentum: number;
                    } | {
                        /** @enum {string} */
                        name: "nesterov";
                        /** @description Share of the last step kept. */
                        momentum: number;
                    } | {
                        /** @enum {string} */
                        name: "adam";
                        /** @default 0.9 */
                        beta_1?: number;
                        /** @default 0.999 */
                        beta_2?: number;
                        /** @default 1e-8 */
                        epsilon?: number;
                    };
                    learning_rate: {
                        /** @description The rate at T = 1. */
                        base: number;
                        /**
                         * @description How the rate follows T: as it is, times √T, or times T. The gradient carries a factor 1/T, so that a constant rate stalls at large T.
                         * @default constant
                         * @enum {unknown}
                         */
                        rule?: "constant" | "sqrt-temperature" | "temperature";
                        /**
                         * @description Multiplies the rate …
                         * @default 1
                         */
                        decay_factor?: number;
                        /**
                         * @description … after each so many epochs.
                         * @default 1
                         */
                        decay_every_epochs?: number;
                    };
                    /**
                     * @description Share of units dropped.
                     * @default 0
                     */
                    dropout?: number;
                    /**
                     * @description L2 factor on the weights of the output layer.
                     * @default 0
                     */
                    weight_decay?: number;
                    /**
                     * @description A net below this validation accuracy fails: attack rates on a net that learnt nothing mean nothing.
                     * @default 0.5
                     */
                    minimum_accuracy?: number;
                    /**
                     * @description The temperature that divides the logits of the finished net; 0.05 multiplies them by 20.
                     * @default 1
                     */
                    deployment_temperature?: number;
                } | {
                    /** @enum {string} */
                    kind: "distill";
                    /** @description The name of the net whose probabilities are learnt. */
                    teacher: string;
                    /**
                     * @description What the student learns; `true-labels` is the control, equal to temperature-only training.
                     * @default teacher-probabilities
                     * @enum {unknown}
                     */
                    targets?: "teacher-probabilities" | "true-labels";
                    /**
                     * @description The net: `papernot-mnist` (Papernot et al. 2015), `lenet` (after LeCun et al. 1998) or `compact`.
                     * @enum {unknown}
                     */
                    architecture: "papernot-mnist" | "lenet" | "compact";
                    /** @default {} */
                    initialisation?: {
                        /**
                         * @default glorot-uniform
                         * @enum {unknown}
                         */
                        name?: "glorot-uniform" | "he-normal";
                        /**
                         * @description Multiplies the initial weights of the last layer: by 1, or by T so that training starts at T = 1.
                         * @default one
                         * @enum {unknown}
                         */
                        output_scale?: "one" | "temperature";
                    };
                    /** @description The softmax temperature T in training: logits are divided by it. */
                    temperature: number;
                    epochs: number;
                    /** @default 128 */
                    batch_size?: number;
                    optimizer: {
                        /** @enum {string} */
                        name: "sgd";
                    } | {
                        /** @enum {string} */
                        name: "momentum";
                        /** @description Share of the last step kept. */
                        momentum: number;
                    } | {
                        /** @enum {string} */
                        name: "nesterov";
                        /** @description Share of the last step kept. */
                        momentum: number;
                    } | {
                        /** @enum {string} */
                        name: "adam";
                        /** @default 0.9 */
                        beta_1?: number;
                        /** @default 0.999 */
                        beta_2?: number;
                        /** @default 1e-8 */
                        epsilon?: number;
                    };
                    learning_rate: {
                        /** @description The rate at T = 1. */
                        base: number;
                        /**
                         * @description How the rate follows T: as it is, times √T, or times T. The gradient carries a factor 1/T, so that a constant rate stalls at large T.
                         * @default constant
                         * @enum {unknown}
                         */
                        rule?: "constant" | "sqrt-temperature" | "temperature";
                        /**
                         * @description Multiplies the rate …
                         * @default 1
                         */
                        decay_factor?: number;
                        /**
                         * @description … after each so many epochs.
                         * @default 1
                         */
                        decay_every_epochs?: number;
                    };
                    /**
                     * @description Share of units dropped.
                     * @default 0
                     */
                    dropout?: number;
                    /**
                     * @description L2 factor on the weights of the output layer.
                     * @default 0
                     */
                    weight_decay?: number;
                    /**
                     * @description A net below this validation accuracy fails: attack rates on a net that learnt nothing mean nothing.
                     * @default 0.5
                     */
                    minimum_accuracy?: number;
                    /**
                     * @description The temperature that divides the logits of the finished net; 0.05 multiplies them by 20.
                     * @default 1
                     */
                    deployment_temperature?: number;
                } | {
                    /** @enum {string} */
                    kind: "deploy";
                    /** @description The name of the net that is deployed again. */
                    model: string;
                    /** @description The temperature that divides the logits; 0.05 multiplies them by 20. */
                    deployment_temperature: number;
                };
            };
            /**
             * @description The attacks, by a name of your choice.
             * @default {}
             */
            attacks?: {
                [key: string]: {
                    /** @enum {string} */
                    attack: "fgsm";
                    /**
                     * @description Fast gradient sign method: one Linf step up the loss. One gradient an example.
                     * @default {}
                     */
                    parameters?: {
                        /**
                         * @description Linf size of the one step, in pixel units (the pixel range is 0 to 1).
                         * @default 0.3
                         */
                        epsilon?: number;
                        /**
                         * @description The loss that is climbed: `cross-entropy` of softmax(logits / temperature), or `margin`, the largest other logit minus the own one, whose gradient never vanishes.
                         * @default cross-entropy
                         * @enum {unknown}
                         */
                        loss?: "cross-entropy" | "margin";
                        /**
                         * @description What the deployed logits are divided by before the softmax: a number above 0, or `training` for the net's training temperature. The margin loss does not use it.
                         * @default 1
                         */
                        temperature?: number | "training";
                    };
                    /** @description Names of the nets attacked; all where absent. */
                    models?: string[];
                    examples: {
                        /** @description Number of examples. */
                        count: number;
                        /**
                         * @description The first test images that every compared net classifies correctly, that the net itself does, or any. The compared nets are those of the same attack or metric.
                         * @default common-clean-correct
                         * @enum {unknown}
                         */
                        choose?: "common-clean-correct" | "clean-correct" | "any";
                    };
                } | {
                    /** @enum {string} */
                    attack: "pgd";
                    /**
                     * @description Projected gradient descent: steps up the loss inside a ball. At most steps x restarts gradients an example.
                     * @default {}
                     */
                    parameters?: {
                        /**
                         * @description The norm that bounds the perturbation.
                         * @default linf
                         * @enum {unknown}
                         */
                        norm?: "linf" | "l2";
                        /**
                         * @description Radius of the ball in that norm, in pixel units (the pixel range is 0 to 1).
                         * @default 0.3
                         */
                        epsilon?: number;
                        /**
                         * @description Length of one step in the same norm and units.
                         * @default 0.01
                         */
                        step_size?: number;
                        /**
                         * @description Steps of one run.
                         * @default 40
                         */
                        steps?: number;
                        /**
                         * @description Runs an example has; each stops at its first success.
                         * @default 1
                         */
                        restarts?: number;
                        /**
                         * @description Whether the first run starts at a random point of the ball instead of the image; later runs always do.
                         * @default true
                         */
                        random_start?: boolean;
                        /**
                         * @description 0: any other class. k: the class (label + k) modulo the number of classes.
                         * @default 0
                         */
                        target_offset?: number;
                        /**
                         * @description The loss that is climbed: `cross-entropy` of softmax(logits / temperature), or `margin`, the largest other logit minus the own one, whose gradient never vanishes.
                         * @default cross-entropy
                         * @enum {unknown}
                         */
                        loss?: "cross-entropy" | "margin";
                        /**
                         * @description What the deployed logits are divided by before the softmax: a number above 0, or `training` for the net's training temperature. The margin loss does not use it.
                         * @default 1
                         */
                        temperature?: number | "training";
                    };
                    /** @description Names of the nets attacked; all where absent. */
                    models?: string[];
                    examples: {
                        /** @description Number of examples. */
                        count: number;
                        /**
                         * @description The first test images that every compared net classifies correctly, that the net itself does, or any. The compared nets are those of the same attack or metric.
                         * @default common-clean-correct
                         * @enum {unknown}
                         */
                        choose?: "common-clean-correct" | "clean-correct" | "any";
                    };
                } | {
                    /** @enum {string} */
                    attack: "jsma";
                    /**
                     * @description Jacobian-based saliency map attack: moves the pixels that most favour the target. Two gradients a step.
                     * @default {}
                     */
                    parameters?: {
                        /**
                         * @description Most pixel values moved; 112 is 14.29 % of the 784 of MNIST.
                         * @default 112
                         */
                        maximum_features?: number;
                        /**
                         * @description How far a chosen pixel value is moved, in pixel units (the pixel range is 0 to 1).
                         * @default 1
                         */
                        theta?: number;
                        /**
                         * @description Whether pixel values are raised or lowered.
                         * @default increase
                         * @enum {unknown}
                         */
                        direction?: "increase" | "decrease";
                        /**
                         * @description Whether the map chooses two pixel values a step, as in the paper, or one.
                         * @default pairs
                         * @enum {unknown}
                         */
                        search?: "pairs" | "single";
                        /**
                         * @description What the saliency map differentiates: the probabilities (JSMA-F), or the logits (JSMA-Z, Carlini and Wagner 2016).
                         * @default softmax
                         * @enum {unknown}
                         */
                        saliency?: "softmax" | "logits";
                        /**
                         * @description The target is the class (label + target_offset) modulo the number of classes; 1 is the next class.
                         * @default 1
                         */
                        target_offset?: number;
                        /**
                         * @description What the deployed logits are divided by before the softmax: a number above 0, or `training` for the net's training temperature. The margin loss does not use it.
                         * @default 1
                         */
                        temperature?: number | "training";
                    };
                    /** @description Names of the nets attacked; all where absent. */
                    models?: string[];
                    examples: {
                        /** @description Number of examples. */
                        count: number;
                        /**
                         * @description The first test images that every compared net classifies correctly, that the net itself does, or any. The compared nets are those of the same attack or metric.
                         * @default common-clean-correct
                         * @enum {unknown}
                         */
                        choose?: "common-clean-correct" | "clean-correct" | "any";
                    };
                } | {
                    /** @enum {string} */
                    attack: "song-saliency";
                    /**
                     * @description Ranks the pixels once by a saliency score and sets them to 1, best first, until the class changes. One gradient an example, or one forward pass a pixel.
                     * @default {}
                     */
                    parameters?: {
                        /**
                         * @description What ranks the pixels: the loss's float32 gradient, the same gradient combined in log space (which cannot underflow), or the change of the float32 loss when the pixel alone is set to 1.
                         * @default gradient-float32
                         * @enum {unknown}
                         */
                        score?: "gradient-float32" | "gradient-exact" | "finite-difference";
                        /**
                         * @description Most pixel values set to 1.
                         * @default 99
                         */
                        maximum_pixels?: number;
                        /**
                         * @description The loss that is climbed: `cross-entropy` of softmax(logits / temperature), or `margin`, the largest other logit minus the own one, whose gradient never vanishes.
                         * @default cross-entropy
                         * @enum {unknown}
                         */
                        loss?: "cross-entropy" | "margin";
                        /**
                         * @description What the deployed logits are divided by before the softmax: a number above 0, or `training` for the net's training temperature. The margin loss does not use it.
                         * @default 1
                         */
                        temperature?: number | "training";
                    };
                    /** @description Names of the nets attacked; all where absent. */
                    models?: string[];
                    examples: {
                        /** @description Number of examples. */
                        count: number;
                        /**
                         * @description The first test images that every compared net classifies correctly, that the net itself does, or any. The compared nets are those of the same attack or metric.
                         * @default common-clean-correct
                         * @enum {unknown}
                         */
                        choose?: "common-clean-correct" | "clean-correct" | "any";
                    };
                };
            };
            /** @default {} */
            metrics?: {
                input_gradient?: {
                    /** @description Names of nets; all where absent. */
                    models?: string[];
                    examples: {
                        /** @description Number of examples. */
                        count: number;
                        /**
                         * @description The first test images that every compared net classifies correctly, that the net itself does, or any. The compared nets are those of the same attack or metric.
                         * @default common-clean-correct
                         * @enum {unknown}
                         */
                        choose?: "common-clean-correct" | "clean-correct" | "any";
                    };
                };
            };
            /**
             * @description Axes by name; the experiment is expanded to every combination of their values.
             * @default {}
             */
            grid?: {
                [key: string]: {
                    /** @description The values, in order. */
                    values: unknown[];
                    /** @description JSON pointers to the fields that take each value, such as `/models/student/temperature`. */
                    at: string[];
                };
            };
            /**
             * @description Whether equal jobs that have succeeded before are taken over instead of computed again.
             * @default true
             */
            reuse?: boolean;
            /** @default {} */
            limits?: {
                /**
                 * @description Tries before a job fails.
                 * @default 3
                 */
                max_attempts?: number;
                /**
                 * @description Seconds that one try may run.
                 * @default 86400
                 */
                max_duration_seconds?: number;
            };
        };
        /**
         * ExperimentSpec
         * @description A spec with its defaults filled in.
         */
        CompleteSpec: {
            name: string;
            description?: string;
            /**
             * @description Your own labels, kept and returned as they are.
             * @default {}
             */
            metadata: {
                [key: string]: string;
            };
            dataset: {
                /**
                 * @description The dataset, by name; GET /v1/datasets lists them.
                 * @enum {unknown}
                 */
                name: "mnist";
                /** @description Number of training images. */
                train: number;
                /**
                 * @description Number of images held out of the official training set to judge a net by while it trains.
                 * @default 1000
                 */
                validation: number;
                /**
                 * @description Number of images of the official test set.
                 * @default 10000
                 */
                test: number;
                /**
                 * @description Seed of the split; apart from `seeds`, so that nets of different seeds see the same images.
                 * @default 0
                 */
                split_seed: number;
                /**
                 * @description What a pixel from 0 to 255 is divided by: 255, or 256 as in the code of Song (2017).
                 * @default 255
                 */
                pixel_divisor: number;
            };
            /**
             * @description The whole experiment is repeated with each seed.
             * @default [
             *       0
             *     ]
             */
            seeds: number[];
            /** @description The nets, by name. */
            models: {
                [key: string]: {
                    /** @enum {string} */
                    kind: "train";
                    /**
                     * @description The net: `papernot-mnist` (Papernot et al. 2015), `lenet` (after LeCun et al. 1998) or `compact`.
                     * @enum {unknown}
                     */
                    architecture: "papernot-mnist" | "lenet" | "compact";
                    /** @default {} */
                    initialisation: {
                        /**
                         * @default glorot-uniform
                         * @enum {unknown}
                         */
                        name: "glorot-uniform" | "he-normal";
                        /**
                         * @description Multiplies the initial weights of the last layer: by 1, or by T so that training starts at T = 1.
                         * @default one
                         * @enum {unknown}
                         */
                        output_scale: "one" | "temperature";
                    };
                    /** @description The softmax temperature T in training: logits are divided by it. */
                    temperature: number;
                    epochs: number;
                    /** @default 128 */
                    batch_size: number;
                    optimizer: {
                        /** @enum {string} */
                        name: "sgd";
                    } | {
                        /** @enum {string} */
                        name: "momentum";
                        /** @description Share of the last step kept. */
                        momentum: number;
                    } | {
                        /** @enum {string} */
                        name: "nesterov";
                        /** @description Share of the last step kept. */
                        momentum: number;
                    } | {
                        /** @enum {string} */
                        name: "adam";
                        /** @default 0.9 */
                        beta_1: number;
                        /** @default 0.999 */
                        beta_2: number;
                        /** @default 1e-8 */
                        epsilon: number;
                    };
                    learning_rate: {
                        /** @description The rate at T = 1. */
                        base: number;
                        /**
                         * @description How the rate follows T: as it is, times √T, or times T. The gradient carries a factor 1/T, so that a constant rate stalls at large T.
                         * @default constant
                         * @enum {unknown}
                         */
                        rule: "constant" | "sqrt-temperature" | "temperature";
                        /**
                         * @description Multiplies the rate …
                         * @default 1
                         */
                        decay_factor: number;
                        /**
                         * @description … after each so many epochs.
                         * @default 1
                         */
                        decay_every_epochs: number;
                    };
                    /**
                     * @description Share of units dropped.
                     * @default 0
                     */
                    dropout: number;
                    /**
                     * @description L2 factor on the weights of the output layer.
                     * @default 0
                     */
                    weight_decay: number;
                    /**
                     * @description A net below this validation accuracy fails: attack rates on a net that learnt nothing mean nothing.
                     * @default 0.5
                     */
                    minimum_accuracy: number;
                    /**
                     * @description The temperature that divides the logits of the finished net; 0.05 multiplies them by 20.
                     * @default 1
                     */
                    deployment_temperature: number;
                } | {
                    /** @enum {string} */
                    kind: "distill";
                    /** @description The name of the net whose probabilities are learnt. */
                    teacher: string;
                    /**
                     * @description What the student learns; `true-labels` is the control, equal to temperature-only training.
                     * @default teacher-probabilities
                     * @enum {unknown}
                     */
                    targets: "teacher-probabilities" | "true-labels";
                    /**
                     * @description The net: `papernot-mnist` (Papernot et al. 2015), `lenet` (after LeCun et al. 1998) or `compact`.
                     * @enum {unknown}
                     */
                    architecture: "papernot-mnist" | "lenet" | "compact";
                    /** @default {} */
                    initialisation: {
                        /**
                         * @default glorot-uniform
                         * @enum {unknown}
                         */
                        name: "glorot-uniform" | "he-normal";
                        /**
                         * @description Multiplies the initial weights of the last layer: by 1, or by T so that training starts at T = 1.
                         * @default one
                         * @enum {unknown}
                         */
                        output_scale: "one" | "temperature";
                    };
                    /** @description The softmax temperature T in training: logits are divided by it. */
                    temperature: number;
                    epochs: number;
                    /** @default 128 */
                    batch_size: number;
                    optimizer: {
                        /** @enum {string} */
                        name: "sgd";
                    } | {
                        /** @enum {string} */
                        name: "momentum";
                        /** @description Share of the last step kept. */
                        momentum: number;
                    } | {
                        /** @enum {string} */
                        name: "nesterov";
                        /** @description Share of the last step kept. */
                        momentum: number;
                    } | {
                        /** @enum {string} */
                        name: "adam";
                        /** @default 0.9 */
                        beta_1: number;
                        /** @default 0.999 */
                        beta_2: number;
                        /** @default 1e-8 */
                        epsilon: number;
                    };
                    learning_rate: {
                        /** @description The rate at T = 1. */
                        base: number;
                        /**
                         * @description How the rate follows T: as it is, times √T, or times T. The gradient carries a factor 1/T, so that a constant rate stalls at large T.
                         * @default constant
                         * @enum {unknown}
                         */
                        rule: "constant" | "sqrt-temperature" | "temperature";
                        /**
                         * @description Multiplies the rate …
                         * @default 1
                         */
                        decay_factor: number;
                        /**
                         * @description … after each so many epochs.
                         * @default 1
                         */
                        decay_every_epochs: number;
                    };
                    /**
                     * @description Share of units dropped.
                     * @default 0
                     */
                    dropout: number;
                    /**
                     * @description L2 factor on the weights of the output layer.
                     * @default 0
                     */
                    weight_decay: number;
                    /**
                     * @description A net below this validation accuracy fails: attack rates on a net that learnt nothing mean nothing.
                     * @default 0.5
                     */
                    minimum_accuracy: number;
                    /**
                     * @description The temperature that divides the logits of the finished net; 0.05 multiplies them by 20.
                     * @default 1
                     */
                    deployment_temperature: number;
                } | {
                    /** @enum {string} */
                    kind: "deploy";
                    /** @description The name of the net that is deployed again. */
                    model: string;
                    /** @description The temperature that divides the logits; 0.05 multiplies them by 20. */
                    deployment_temperature: number;
                };
            };
            /**
             * @description The attacks, by a name of your choice.
             * @default {}
             */
            attacks: {
                [key: string]: {
                    /** @enum {string} */
                    attack: "fgsm";
                    /**
                     * @description Fast gradient sign method: one Linf step up the loss. One gradient an example.
                     * @default {}
                     */
                    parameters: {
                        /**
                         * @description Linf size of the one step, in pixel units (the pixel range is 0 to 1).
                         * @default 0.3
                         */
                        epsilon: number;
                        /**
                         * @description The loss that is climbed: `cross-entropy` of softmax(logits / temperature), or `margin`, the largest other logit minus the own one, whose gradient never vanishes.
                         * @default cross-entropy
                         * @enum {unknown}
                         */
                        loss: "cross-entropy" | "margin";
                        /**
                         * @description What the deployed logits are divided by before the softmax: a number above 0, or `training` for the net's training temperature. The margin loss does not use it.
                         * @default 1
                         */
                        temperature: number | "training";
                    };
                    /** @description Names of the nets attacked; all where absent. */
                    models?: string[];
                    examples: {
                        /** @description Number of examples. */
                        count: number;
                        /**
                         * @description The first test images that every compared net classifies correctly, that the net itself does, or any. The compared nets are those of the same attack or metric.
                         * @default common-clean-correct
                         * @enum {unknown}
                         */
                        choose: "common-clean-correct" | "clean-correct" | "any";
                    };
                } | {
                    /** @enum {string} */
                    attack: "pgd";
                    /**
                     * @description Projected gradient descent: steps up the loss inside a ball. At most steps x restarts gradients an example.
                     * @default {}
                     */
                    parameters: {
                        /**
                         * @description The norm that bounds the perturbation.
                         * @default linf
                         * @enum {unknown}
                         */
                        norm: "linf" | "l2";
                        /**
                         * @description Radius of the ball in that norm, in pixel units (the pixel range is 0 to 1).
                         * @default 0.3
                         */
                        epsilon: number;
                        /**
                         * @description Length of one step in the same norm and units.
                         * @default 0.01
                         */
                        step_size: number;
                        /**
                         * @description Steps of one run.
                         * @default 40
                         */
                        steps: number;
                        /**
                         * @description Runs an example has; each stops at its first success.
                         * @default 1
                         */
                        restarts: number;
                        /**
                         * @description Whether the first run starts at a random point of the ball instead of the image; later runs always do.
                         * @default true
                         */
                        random_start: boolean;
                        /**
                         * @description 0: any other class. k: the class (label + k) modulo the number of classes.
                         * @default 0
                         */
                        target_offset: number;
                        /**
                         * @description The loss that is climbed: `cross-entropy` of softmax(logits / temperature), or `margin`, the largest other logit minus the own one, whose gradient never vanishes.
                         * @default cross-entropy
                         * @enum {unknown}
                         */
                        loss: "cross-entropy" | "margin";
                        /**
                         * @description What the deployed logits are divided by before the softmax: a number above 0, or `training` for the net's training temperature. The margin loss does not use it.
                         * @default 1
                         */
                        temperature: number | "training";
                    };
                    /** @description Names of the nets attacked; all where absent. */
                    models?: string[];
                    examples: {
                        /** @description Number of examples. */
                        count: number;
                        /**
                         * @description The first test images that every compared net classifies correctly, that the net itself does, or any. The compared nets are those of the same attack or metric.
                         * @default common-clean-correct
                         * @enum {unknown}
                         */
                        choose: "common-clean-correct" | "clean-correct" | "any";
                    };
                } | {
                    /** @enum {string} */
                    attack: "jsma";
                    /**
                     * @description Jacobian-based saliency map attack: moves the pixels that most favour the target. Two gradients a step.
                     * @default {}
                     */
                    parameters: {
                        /**
                         * @description Most pixel values moved; 112 is 14.29 % of the 784 of MNIST.
                         * @default 112
                         */
                        maximum_features: number;
                        /**
                         * @description How far a chosen pixel value is moved, in pixel units (the pixel range is 0 to 1).
                         * @default 1
                         */
                        theta: number;
                        /**
                         * @description Whether pixel values are raised or lowered.
                         * @default increase
                         * @enum {unknown}
                         */
                        direction: "increase" | "decrease";
                        /**
                         * @description Whether the map chooses two pixel values a step, as in the paper, or one.
                         * @default pairs
                         * @enum {unknown}
                         */
                        search: "pairs" | "single";
                        /**
                         * @description What the saliency map differentiates: the probabilities (JSMA-F), or the logits (JSMA-Z, Carlini and Wagner 2016).
                         * @default softmax
                         * @enum {unknown}
                         */
                        saliency: "softmax" | "logits";
                        /**
                         * @description The target is the class (label + target_offset) modulo the number of classes; 1 is the next class.
                         * @default 1
                         */
                        target_offset: number;
                        /**
                         * @description What the deployed logits are divided by before the softmax: a number above 0, or `training` for the net's training temperature. The margin loss does not use it.
                         * @default 1
                         */
                        temperature: number | "training";
                    };
                    /** @description Names of the nets attacked; all where absent. */
                    models?: string[];
                    examples: {
                        /** @description Number of examples. */
                        count: number;
                        /**
                         * @description The first test images that every compared net classifies correctly, that the net itself does, or any. The compared nets are those of the same attack or metric.
                         * @default common-clean-correct
                         * @enum {unknown}
                         */
                        choose: "common-clean-correct" | "clean-correct" | "any";
                    };
                } | {
                    /** @enum {string} */
                    attack: "song-saliency";
                    /**
                     * @description Ranks the pixels once by a saliency score and sets them to 1, best first, until the class changes. One gradient an example, or one forward pass a pixel.
                     * @default {}
                     */
                    parameters: {
                        /**
                         * @description What ranks the pixels: the loss's float32 gradient, the same gradient combined in log space (which cannot underflow), or the change of the float32 loss when the pixel alone is set to 1.
                         * @default gradient-float32
                         * @enum {unknown}
                         */
                        score: "gradient-float32" | "gradient-exact" | "finite-difference";
                        /**
                         * @description Most pixel values set to 1.
                         * @default 99
                         */
                        maximum_pixels: number;
                        /**
                         * @description The loss that is climbed: `cross-entropy` of softmax(logits / temperature), or `margin`, the largest other logit minus the own one, whose gradient never vanishes.
                         * @default cross-entropy
                         * @enum {unknown}
                         */
                        loss: "cross-entropy" | "margin";
                        /**
                         * @description What the deployed logits are divided by before the softmax: a number above 0, or `training` for the net's training temperature. The margin loss does not use it.
                         * @default 1
                         */
                        temperature: number | "training";
                    };
                    /** @description Names of the nets attacked; all where absent. */
                    models?: string[];
                    examples: {
                        /** @description Number of examples. */
                        count: number;
                        /**
                         * @description The first test images that every compared net classifies correctly, that the net itself does, or any. The compared nets are those of the same attack or metric.
                         * @default common-clean-correct
                         * @enum {unknown}
                         */
                        choose: "common-clean-correct" | "clean-correct" | "any";
                    };
                };
            };
            /** @default {} */
            metrics: {
                input_gradient?: {
                    /** @description Names of nets; all where absent. */
                    models?: string[];
                    examples: {
                        /** @description Number of examples. */
                        count: number;
                        /**
                         * @description The first test images that every compared net classifies correctly, that the net itself does, or any. The compared nets are those of the same attack or metric.
                         * @default common-clean-correct
                         * @enum {unknown}
                         */
                        choose: "common-clean-correct" | "clean-correct" | "any";
                    };
                };
            };
            /**
             * @description Axes by name; the experiment is expanded to every combination of their values.
             * @default {}
             */
            grid: {
                [key: string]: {
                    /** @description The values, in order. */
                    values: unknown[];
                    /** @description JSON pointers to the fields that take each value, such as `/models/student/temperature`. */
                    at: string[];
                };
            };
            /**
             * @description Whether equal jobs that have succeeded before are taken over instead of computed again.
             * @default true
             */
            reuse: boolean;
            /** @default {} */
            limits: {
                /**
                 * @description Tries before a job fails.
                 * @default 3
                 */
                max_attempts: number;
                /**
                 * @description Seconds that one try may run.
                 * @default 86400
                 */
                max_duration_seconds: number;
            };
        };
        Experiment: {
            id: string;
            name: string;
            description: string | null;
            metadata: {
                [key: string]: string;
            };
            /**
             * @description `running` until its last job has ended; then failed if any job failed, cancelled if any was.
             * @enum {unknown}
             */
            status: "running" | "succeeded" | "failed" | "cancelled";
            jobs: {
                total: number;
                /** @description Jobs that have not ended. */
                open: number;
                /** @description Jobs whose results were taken over from equal ones of before. */
                reused: number;
                by_status: {
                    blocked: number;
                    queued: number;
                    running: number;
                    paused: number;
                    succeeded: number;
                    failed: number;
                    cancelled: number;
                };
            };
            /** Format: date-time */
            created_at: string;
            finished_at: string | null;
            spec: components["schemas"]["CompleteSpec"];
            links: {
                /** @description Relative to the address of the API. */
                self: string;
                /** @description Relative to the address of the API. */
                jobs: string;
                /** @description Relative to the address of the API. */
                events: string;
                /** @description Relative to the address of the API. */
                results: string;
                /** @description Relative to the address of the API. */
                summary: string;
                /** @description Relative to the address of the API. */
                report: string;
                /** @description Relative to the address of the API. */
                cancel: string;
            };
        };
        JobSpec: {
            /** @enum {string} */
            kind: "train";
            dataset: {
                /**
                 * @description The dataset, by name; GET /v1/datasets lists them.
                 * @enum {unknown}
                 */
                name: "mnist";
                /** @description Number of training images. */
                train: number;
                /**
                 * @description Number of images held out of the official training set to judge a net by while it trains.
                 * @default 1000
                 */
                validation: number;
                /**
                 * @description Number of images of the official test set.
                 * @default 10000
                 */
                test: number;
                /**
                 * @description Seed of the split; apart from `seeds`, so that nets of different seeds see the same images.
                 * @default 0
                 */
                split_seed: number;
                /**
                 * @description What a pixel from 0 to 255 is divided by: 255, or 256 as in the code of Song (2017).
                 * @default 255
                 */
                pixel_divisor: number;
            };
            dataset_sha256: string;
            seed: number;
            /**
             * @description The net: `papernot-mnist` (Papernot et al. 2015), `lenet` (after LeCun et al. 1998) or `compact`.
             * @enum {unknown}
             */
            architecture: "papernot-mnist" | "lenet" | "compact";
            /** @default {} */
            initialisation: {
                /**
                 * @default glorot-uniform
                 * @enum {unknown}
                 */
                name: "glorot-uniform" | "he-normal";
                /**
                 * @description Multiplies the initial weights of the last layer: by 1, or by T so that training starts at T = 1.
                 * @default one
                 * @enum {unknown}
                 */
                output_scale: "one" | "temperature";
            };
            settings: {
                /** @description The softmax temperature T in training: logits are divided by it. */
                temperature: number;
                epochs: number;
                /** @default 128 */
                batch_size: number;
                optimizer: {
                    /** @enum {string} */
                    name: "sgd";
                } | {
                    /** @enum {string} */
                    name: "momentum";
                    /** @description Share of the last step kept. */
                    momentum: number;
                } | {
                    /** @enum {string} */
                    name: "nesterov";
                    /** @description Share of the last step kept. */
                    momentum: number;
                } | {
                    /** @enum {string} */
                    name: "adam";
                    /** @default 0.9 */
                    beta_1: number;
                    /** @default 0.999 */
                    beta_2: number;
                    /** @default 1e-8 */
                    epsilon: number;
                };
                learning_rate: {
                    /** @description The rate at T = 1. */
                    base: number;
                    /**
                     * @description How the rate follows T: as it is, times √T, or times T. The gradient carries a factor 1/T, so that a constant rate stalls at large T.
                     * @default constant
                     * @enum {unknown}
                     */
                    rule: "constant" | "sqrt-temperature" | "temperature";
                    /**
                     * @description Multiplies the rate …
                     * @default 1
                     */
                    decay_factor: number;
                    /**
                     * @description … after each so many epochs.
                     * @default 1
                     */
                    decay_every_epochs: number;
                };
                /**
                 * @description Share of units dropped.
                 * @default 0
                 */
                dropout: number;
                /**
                 * @description L2 factor on the weights of the output layer.
                 * @default 0
                 */
                weight_decay: number;
                /**
                 * @description A net below this validation accuracy fails: attack rates on a net that learnt nothing mean nothing.
                 * @default 0.5
                 */
                minimum_accuracy: number;
            };
            deployment_temperature: number;
        } | {
            /** @enum {string} */
            kind: "distill";
            dataset: {
                /**
                 * @description The dataset, by name; GET /v1/datasets lists them.
                 * @enum {unknown}
                 */
                name: "mnist";
                /** @description Number of training images. */
                train: number;
                /**
                 * @description Number of images held out of the official training set to judge a net by while it trains.
                 * @default 1000
                 */
                validation: number;
                /**
                 * @description Number of images of the official test set.
                 * @default 10000
                 */
                test: number;
                /**
                 * @description Seed of the split; apart from `seeds`, so that nets of different seeds see the same images.
                 * @default 0
                 */
                split_seed: number;
                /**
                 * @description What a pixel from 0 to 255 is divided by: 255, or 256 as in the code of Song (2017).
                 * @default 255
                 */
                pixel_divisor: number;
            };
            dataset_sha256: string;
            seed: number;
            /**
             * @description The net: `papernot-mnist` (Papernot et al. 2015), `lenet` (after LeCun et al. 1998) or `compact`.
             * @enum {unknown}
             */
            architecture: "papernot-mnist" | "lenet" | "compact";
            /** @default {} */
            initialisation: {
                /**
                 * @default glorot-uniform
                 * @enum {unknown}
                 */
                name: "glorot-uniform" | "he-normal";
                /**
                 * @description Multiplies the initial weights of the last layer: by 1, or by T so that training starts at T = 1.
                 * @default one
                 * @enum {unknown}
                 */
                output_scale: "one" | "temperature";
            };
            settings: {
                /** @description The softmax temperature T in training: logits are divided by it. */
                temperature: number;
                epochs: number;
                /** @default 128 */
                batch_size: number;
                optimizer: {
                    /** @enum {string} */
                    name: "sgd";
                } | {
                    /** @enum {string} */
                    name: "momentum";
                    /** @description Share of the last step kept. */
                    momentum: number;
                } | {
                    /** @enum {string} */
                    name: "nesterov";
                    /** @description Share of the last step kept. */
                    momentum: number;
                } | {
                    /** @enum {string} */
                    name: "adam";
                    /** @default 0.9 */
                    beta_1: number;
                    /** @default 0.999 */
                    beta_2: number;
                    /** @default 1e-8 */
                    epsilon: number;
                };
                learning_rate: {
                    /** @description The rate at T = 1. */
                    base: number;
                    /**
                     * @description How the rate follows T: as it is, times √T, or times T. The gradient carries a factor 1/T, so that a constant rate stalls at large T.
                     * @default constant
                     * @enum {unknown}
                     */
                    rule: "constant" | "sqrt-temperature" | "temperature";
                    /**
                     * @description Multiplies the rate …
                     * @default 1
                     */
                    decay_factor: number;
                    /**
                     * @description … after each so many epochs.
                     * @default 1
                     */
                    decay_every_epochs: number;
                };
                /**
                 * @description Share of units dropped.
                 * @default 0
                 */
                dropout: number;
                /**
                 * @description L2 factor on the weights of the output layer.
                 * @default 0
                 */
                weight_decay: number;
                /**
                 * @description A net below this validation accuracy fails: attack rates on a net that learnt nothing mean nothing.
                 * @default 0.5
                 */
                minimum_accuracy: number;
            };
            deployment_temperature: number;
            /** @enum {unknown} */
            targets: "teacher-probabilities" | "true-labels";
        } | {
            /** @enum {string} */
            kind: "deploy";
            dataset: {
                /**
                 * @description The dataset, by name; GET /v1/datasets lists them.
                 * @enum {unknown}
                 */
                name: "mnist";
                /** @description Number of training images. */
                train: number;
                /**
                 * @description Number of images held out of the official training set to judge a net by while it trains.
                 * @default 1000
                 */
                validation: number;
                /**
                 * @description Number of images of the official test set.
                 * @default 10000
                 */
                test: number;
                /**
                 * @description Seed of the split; apart from `seeds`, so that nets of different seeds see the same images.
                 * @default 0
                 */
                split_seed: number;
                /**
                 * @description What a pixel from 0 to 255 is divided by: 255, or 256 as in the code of Song (2017).
                 * @default 255
                 */
                pixel_divisor: number;
            };
            dataset_sha256: string;
            seed: number;
            deployment_temperature: number;
        } | {
            /** @enum {string} */
            kind: "measure";
            dataset: {
                /**
                 * @description The dataset, by name; GET /v1/datasets lists them.
                 * @enum {unknown}
                 */
                name: "mnist";
                /** @description Number of training images. */
                train: number;
                /**
                 * @description Number of images held out of the official training set to judge a net by while it trains.
                 * @default 1000
                 */
                validation: number;
                /**
                 * @description Number of images of the official test set.
                 * @default 10000
                 */
                test: number;
                /**
                 * @description Seed of the split; apart from `seeds`, so that nets of different seeds see the same images.
                 * @default 0
                 */
                split_seed: number;
                /**
                 * @description What a pixel from 0 to 255 is divided by: 255, or 256 as in the code of Song (2017).
                 * @default 255
                 */
                pixel_divisor: number;
            };
            dataset_sha256: string;
            seed: number;
            /** @enum {unknown} */
            metric: "input_gradient";
            examples: {
                /** @description Number of examples. */
                count: number;
                /**
                 * @description The first test images that every compared net classifies correctly, that the net itself does, or any. The compared nets are those of the same attack or metric.
                 * @default common-clean-correct
                 * @enum {unknown}
                 */
                choose: "common-clean-correct" | "clean-correct" | "any";
            };
        } | {
            /** @enum {string} */
            kind: "attack";
            dataset: {
                /**
                 * @description The dataset, by name; GET /v1/datasets lists them.
                 * @enum {unknown}
                 */
                name: "mnist";
                /** @description Number of training images. */
                train: number;
                /**
                 * @description Number of images held out of the official training set to judge a net by while it trains.
                 * @default 1000
                 */
                validation: number;
                /**
                 * @description Number of images of the official test set.
                 * @default 10000
                 */
                test: number;
                /**
                 * @description Seed of the split; apart from `seeds`, so that nets of different seeds see the same images.
                 * @default 0
                 */
                split_seed: number;
                /**
                 * @description What a pixel from 0 to 255 is divided by: 255, or 256 as in the code of Song (2017).
                 * @default 255
                 */
                pixel_divisor: number;
            };
            dataset_sha256: string;
            seed: number;
            attack: string;
            parameters: {
                [key: string]: unknown;
            };
            examples: {
                /** @description Number of examples. */
                count: number;
                /**
                 * @description The first test images that every compared net classifies correctly, that the net itself does, or any. The compared nets are those of the same attack or metric.
                 * @default common-clean-correct
                 * @enum {unknown}
                 */
                choose: "common-clean-correct" | "clean-correct" | "any";
            };
        };
        Job: {
            id: string;
            experiment_id: string;
            /**
             * @description What the job does.
             * @enum {unknown}
             */
            kind: "train" | "distill" | "deploy" | "measure" | "attack";
            /** @description Such as `t20`, or `pgd on t20`. */
            name: string;
            /**
             * @description `blocked` until the jobs that it depends on have succeeded; the last three are final.
             * @enum {unknown}
             */
            status: "blocked" | "queued" | "running" | "paused" | "succeeded" | "failed" | "cancelled";
            reason: ("completed" | "reused" | "cancelled_by_request" | "parent_cancelled" | "parent_failed" | "diverged" | "constant_output" | "accuracy_below_minimum" | "too_few_examples" | "dataset_unavailable" | "engine_unavailable" | "computation_failed" | "max_duration_exceeded" | "child_exited" | "child_unresponsive" | "lease_expired" | "artifact_unavailable" | "worker_drained") | null;
            detail: string | null;
            /** @description Whether a running job has been asked to stop. */
            cancel_requested: boolean;
            labels: {
                /** @description The name of the net that it makes, measures or attacks. */
                model: string;
                /** @description The name of the attack in the spec. */
                attack?: string;
                metric?: string;
                seed: number;
                /** @description The value of each grid axis that it depends on. */
                grid: {
                    [key: string]: unknown;
                };
            };
            spec: components["schemas"]["JobSpec"];
            /** @description Hash of the spec and of its inputs: equal jobs have equal ones. */
            fingerprint: string;
            seed: number;
            progress: {
                fraction: number;
                /** @description Such as `epoch 2 of 3`. */
                message?: string;
            };
            /** @description What it found; null until it has succeeded. */
            result: components["schemas"]["ModelResult"] | components["schemas"]["MeasureResult"] | components["schemas"]["AttackResult"] | null;
            parents: {
                /** @description `teacher`, `model` or `compared:<n>`. */
                role: string;
                id: string;
            }[];
            reused_from: string | null;
            attempts: {
                started: number;
                /** @description Those that count against the maximum. */
                spent: number;
                max: number;
            };
            artifacts: components["schemas"]["Artifact"][];
            /** Format: date-time */
            created_at: string;
            queued_at: string | null;
            started_at: string | null;
            finished_at: string | null;
        };
        Artifact: {
            /** @description Such as `weights` or `adversarial`. */
            name: string;
            sha256: string;
            bytes: number;
            media_type: string;
            /** @description Where its bytes are, relative to the address of the API. */
            href: string;
        };
        ModelResult: {
            /** @enum {unknown} */
            kind: "train" | "distill" | "deploy";
            architecture: string;
            parameter_count: number;
            training_temperature: number;
            deployment_temperature: number;
            /** @enum {unknown} */
            targets?: "teacher-probabilities" | "true-labels";
            test_accuracy: {
                count: number;
                of: number;
                /** @description count / of; 0 where `of` is 0. */
                rate: number;
                /** @description Lower end of the 95 % Wilson score interval. */
                low: number;
                /** @description Upper end of the 95 % Wilson score interval. */
                high: number;
            };
            validation_accuracy: {
                count: number;
                of: number;
                /** @description count / of; 0 where `of` is 0. */
                rate: number;
                /** @description Lower end of the 95 % Wilson score interval. */
                low: number;
                /** @description Upper end of the 95 % Wilson score interval. */
                high: number;
            };
            /** @description Mean loss of the last epoch; null if not trained. */
            train_loss: (number | "NaN" | "Infinity" | "-Infinity") | null;
            epochs: number;
            /** @description Largest minus second largest deployed logit over the test set: what sets the masking. */
            logit_margin: {
                median: number;
                p95: number;
            };
            provenance: {
                engine: {
                    /** @description `tfjs-node-gpu`, `tfjs-node`, `wasm` or `cpu`. */
                    name: string;
                    /** @description The backend's own name in TensorFlow.js. */
                    backend: string;
                    versions: {
                        [key: string]: string;
                    };
                    threads: number;
                    device: string;
                    self_check: {
                        passed: boolean;
                        max_relative_error: number;
                    };
                    /** @description Engines that would have been preferred, and why each was passed over. */
                    skipped: {
                        name: string;
                        why: string;
                    }[];
                };
                code_version: string;
                dataset: {
                    name: string;
                    sha256: string;
                };
                seed: number;
                /** @description Wall time in the compute child, for information only. */
                compute_seconds: number;
                /** @description Whatever was done otherwise than asked, in sentences. */
                fallbacks: string[];
            };
        };
        MeasureResult: {
            /** @enum {string} */
            kind: "measure";
            input_gradient: {
                /** @description Images measured: the denominator of every rate here. */
                examples: number;
                /** @description Such as `cross-entropy at T=1`, of the true label. */
                loss: string;
                log10_max_abs: {
                    count: number;
                    mean: number | "NaN" | "Infinity" | "-Infinity";
                    min: number | "NaN" | "Infinity" | "-Infinity";
                    p5: number | "NaN" | "Infinity" | "-Infinity";
                    p25: number | "NaN" | "Infinity" | "-Infinity";
                    median: number | "NaN" | "Infinity" | "-Infinity";
                    p75: number | "NaN" | "Infinity" | "-Infinity";
                    p95: number | "NaN" | "Infinity" | "-Infinity";
                    max: number | "NaN" | "Infinity" | "-Infinity";
                };
                log10_mean_abs: {
                    count: number;
                    mean: number | "NaN" | "Infinity" | "-Infinity";
                    min: number | "NaN" | "Infinity" | "-Infinity";
                    p5: number | "NaN" | "Infinity" | "-Infinity";
                    p25: number | "NaN" | "Infinity" | "-Infinity";
                    median: number | "NaN" | "Infinity" | "-Infinity";
                    p75: number | "NaN" | "Infinity" | "-Infinity";
                    p95: number | "NaN" | "Infinity" | "-Infinity";
                    max: number | "NaN" | "Infinity" | "-Infinity";
                };
                /** @description Examples by mean |gradient| (exact) in the ten bins of Papernot et al. (2015), Fig. 9. */
                histogram: {
                    edges: number[];
                    /** @description Examples from each edge up to, not including, the next. */
                    counts: number[];
                    /** @description Examples at or above the last edge. */
                    above: number;
                };
                /** @description Float32 gradients that are 0 in every pixel. */
                float32_zero: {
                    count: number;
                    of: number;
                    /** @description count / of; 0 where `of` is 0. */
                    rate: number;
                    /** @description Lower end of the 95 % Wilson score interval. */
                    low: number;
                    /** @description Upper end of the 95 % Wilson score interval. */
                    high: number;
                };
                /** @description Examples whose label's probability is 1 in float32. */
                probability_saturated: {
                    count: number;
                    of: number;
                    /** @description count / of; 0 where `of` is 0. */
                    rate: number;
                    /** @description Lower end of the 95 % Wilson score interval. */
                    low: number;
                    /** @description Upper end of the 95 % Wilson score interval. */
                    high: number;
                };
                /** @description Gradients that are zero in log space too, so that nothing is masked: no logit depends on the input. */
                exact_zero: {
                    count: number;
                    of: number;
                    /** @description count / of; 0 where `of` is 0. */
                    rate: number;
                    /** @description Lower end of the 95 % Wilson score interval. */
                    low: number;
                    /** @description Upper end of the 95 % Wilson score interval. */
                    high: number;
                };
                /** @description Cosine of the float32 gradient with the exact one, where neither is zero. */
                float32_cosine: {
                    count: number;
                    mean: number | "NaN" | "Infinity" | "-Infinity";
                    min: number | "NaN" | "Infinity" | "-Infinity";
                    p5: number | "NaN" | "Infinity" | "-Infinity";
                    p25: number | "NaN" | "Infinity" | "-Infinity";
                    median: number | "NaN" | "Infinity" | "-Infinity";
                    p75: number | "NaN" | "Infinity" | "-Infinity";
                    p95: number | "NaN" | "Infinity" | "-Infinity";
                    max: number | "NaN" | "Infinity" | "-Infinity";
                };
                /** @description Float32 gradients that are not zero, but whose cosine with the exact one is below `cosine_below`. */
                wrong_direction: {
                    count: number;
                    of: number;
                    /** @description count / of; 0 where `of` is 0. */
                    rate: number;
                    /** @description Lower end of the 95 % Wilson score interval. */
                    low: number;
                    /** @description Upper end of the 95 % Wilson score interval. */
                    high: number;
                    cosine_below: number;
                };
                /** @description True classes of the denominator. */
                class_histogram: number[];
            };
            provenance: {
                engine: {
                    /** @description `tfjs-node-gpu`, `tfjs-node`, `wasm` or `cpu`. */
                    name: string;
                    /** @description The backend's own name in TensorFlow.js. */
                    backend: string;
                    versions: {
                        [key: string]: string;
                    };
                    threads: number;
                    device: string;
                    self_check: {
                        passed: boolean;
                        max_relative_error: number;
                    };
                    /** @description Engines that would have been preferred, and why each was passed over. */
                    skipped: {
                        name: string;
                        why: string;
                    }[];
                };
                code_version: string;
                dataset: {
                    name: string;
                    sha256: string;
                };
                seed: number;
                /** @description Wall time in the compute child, for information only. */
                compute_seconds: number;
                /** @description Whatever was done otherwise than asked, in sentences. */
                fallbacks: string[];
            };
        };
        AttackResult: {
            /** @enum {string} */
            kind: "attack";
            attack: string;
            parameters: {
                [key: string]: unknown;
            };
            examples: {
                choose: string;
                count: number;
                /** @description Examples of the kind asked for in the whole test split. */
                available: number;
            };
            metrics: {
                /** @description Images that fool the net in a last forward pass over the saved pixels, of all that were attacked. */
                success: {
                    count: number;
                    of: number;
                    /** @description count / of; 0 where `of` is 0. */
                    rate: number;
                    /** @description Lower end of the 95 % Wilson score interval. */
                    low: number;
                    /** @description Upper end of the 95 % Wilson score interval. */
                    high: number;
                };
                /** @description Positions with a change in any channel; over the successes only. */
                pixels_changed: {
                    count: number;
                    mean: number | "NaN" | "Infinity" | "-Infinity";
                    min: number | "NaN" | "Infinity" | "-Infinity";
                    p5: number | "NaN" | "Infinity" | "-Infinity";
                    p25: number | "NaN" | "Infinity" | "-Infinity";
                    median: number | "NaN" | "Infinity" | "-Infinity";
                    p75: number | "NaN" | "Infinity" | "-Infinity";
                    p95: number | "NaN" | "Infinity" | "-Infinity";
                    max: number | "NaN" | "Infinity" | "-Infinity";
                };
                /** @description Pixel values changed, each channel counted; over the successes only. */
                l0: {
                    count: number;
                    mean: number | "NaN" | "Infinity" | "-Infinity";
                    min: number | "NaN" | "Infinity" | "-Infinity";
                    p5: number | "NaN" | "Infinity" | "-Infinity";
                    p25: number | "NaN" | "Infinity" | "-Infinity";
                    median: number | "NaN" | "Infinity" | "-Infinity";
                    p75: number | "NaN" | "Infinity" | "-Infinity";
                    p95: number | "NaN" | "Infinity" | "-Infinity";
                    max: number | "NaN" | "Infinity" | "-Infinity";
                };
                /** @description Sum of the absolute changes; over the successes only. */
                l1: {
                    count: number;
                    mean: number | "NaN" | "Infinity" | "-Infinity";
                    min: number | "NaN" | "Infinity" | "-Infinity";
                    p5: number | "NaN" | "Infinity" | "-Infinity";
                    p25: number | "NaN" | "Infinity" | "-Infinity";
                    median: number | "NaN" | "Infinity" | "-Infinity";
                    p75: number | "NaN" | "Infinity" | "-Infinity";
                    p95: number | "NaN" | "Infinity" | "-Infinity";
                    max: number | "NaN" | "Infinity" | "-Infinity";
                };
                /** @description Euclidean length of the change; over the successes only. */
                l2: {
                    count: number;
                    mean: number | "NaN" | "Infinity" | "-Infinity";
                    min: number | "NaN" | "Infinity" | "-Infinity";
                    p5: number | "NaN" | "Infinity" | "-Infinity";
                    p25: number | "NaN" | "Infinity" | "-Infinity";
                    median: number | "NaN" | "Infinity" | "-Infinity";
                    p75: number | "NaN" | "Infinity" | "-Infinity";
                    p95: number | "NaN" | "Infinity" | "-Infinity";
                    max: number | "NaN" | "Infinity" | "-Infinity";
                };
                /** @description Largest absolute change; over the successes only. */
                linf: {
                    count: number;
                    mean: number | "NaN" | "Infinity" | "-Infinity";
                    min: number | "NaN" | "Infinity" | "-Infinity";
                    p5: number | "NaN" | "Infinity" | "-Infinity";
                    p25: number | "NaN" | "Infinity" | "-Infinity";
                    median: number | "NaN" | "Infinity" | "-Infinity";
                    p75: number | "NaN" | "Infinity" | "-Infinity";
                    p95: number | "NaN" | "Infinity" | "-Infinity";
                    max: number | "NaN" | "Infinity" | "-Infinity";
                };
                /** @description Backward passes an example cost; over all. */
                gradients: {
                    count: number;
                    mean: number | "NaN" | "Infinity" | "-Infinity";
                    min: number | "NaN" | "Infinity" | "-Infinity";
                    p5: number | "NaN" | "Infinity" | "-Infinity";
                    p25: number | "NaN" | "Infinity" | "-Infinity";
                    median: number | "NaN" | "Infinity" | "-Infinity";
                    p75: number | "NaN" | "Infinity" | "-Infinity";
                    p95: number | "NaN" | "Infinity" | "-Infinity";
                    max: number | "NaN" | "Infinity" | "-Infinity";
                };
                /** @description Forward passes an example cost beside those of its gradients; over all. */
                forwards: {
                    count: number;
                    mean: number | "NaN" | "Infinity" | "-Infinity";
                    min: number | "NaN" | "Infinity" | "-Infinity";
                    p5: number | "NaN" | "Infinity" | "-Infinity";
                    p25: number | "NaN" | "Infinity" | "-Infinity";
                    median: number | "NaN" | "Infinity" | "-Infinity";
                    p75: number | "NaN" | "Infinity" | "-Infinity";
                    p95: number | "NaN" | "Infinity" | "-Infinity";
                    max: number | "NaN" | "Infinity" | "-Infinity";
                };
                /** @description Examples that never had a gradient or saliency map other than zero, so that nothing led the attack. */
                no_gradient: number;
                /** @description True classes of the denominator. */
                class_histogram: number[];
            };
            samples: {
                /** @description Position in the test split. */
                index: number;
                label: number;
                /** @description The class of the adversarial image. */
                predicted: number;
                success: boolean;
                shape: number[];
                /** @description Pixels as bytes 0 to 255, base64. */
                original: string;
                /** @description Pixels rounded to bytes 0 to 255, base64; the artifact has them exactly. */
                adversarial: string;
            }[];
            provenance: {
                engine: {
                    /** @description `tfjs-node-gpu`, `tfjs-node`, `wasm` or `cpu`. */
                    name: string;
                    /** @description The backend's own name in TensorFlow.js. */
                    backend: string;
                    versions: {
                        [key: string]: string;
                    };
                    threads: number;
                    device: string;
                    self_check: {
                        passed: boolean;
                        max_relative_error: number;
                    };
                    /** @description Engines that would have been preferred, and why each was passed over. */
                    skipped: {
                        name: string;
                        why: string;
                    }[];
                };
                code_version: string;
                dataset: {
                    name: string;
                    sha256: string;
                };
                seed: number;
                /** @description Wall time in the compute child, for information only. */
                compute_seconds: number;
                /** @description Whatever was done otherwise than asked, in sentences. */
                fallbacks: string[];
            };
        };
        Attempt: {
            id: string;
            shard: number;
            number: number;
            worker_id: string;
            engine: {
                /** @description `tfjs-node-gpu`, `tfjs-node`, `wasm` or `cpu`. */
                name: string;
                /** @description The backend's own name in TensorFlow.js. */
                backend: string;
                versions: {
                    [key: string]: string;
                };
                threads: number;
                device: string;
                self_check: {
                    passed: boolean;
                    max_relative_error: number;
                };
                /** @description Engines that would have been preferred, and why each was passed over. */
                skipped: {
                    name: string;
                    why: string;
                }[];
            } | null;
            /** Format: date-time */
            started_at: string;
            finished_at: string | null;
            reason: ("completed" | "reused" | "cancelled_by_request" | "parent_cancelled" | "parent_failed" | "diverged" | "constant_output" | "accuracy_below_minimum" | "too_few_examples" | "dataset_unavailable" | "engine_unavailable" | "computation_failed" | "max_duration_exceeded" | "child_exited" | "child_unresponsive" | "lease_expired" | "artifact_unavailable" | "worker_drained") | null;
            detail: string | null;
        };
        Metric: {
            /** @description Such as `train_loss`. */
            name: string;
            step: number;
            epoch: number | null;
            value: number | "NaN" | "Infinity" | "-Infinity";
            /** Format: date-time */
            created_at: string;
        };
        Event: {
            /** @description Position in the experiment; send it back as `Last-Event-ID` to go on from here. */
            id: number;
            /** @enum {unknown} */
            type: "experiment.created" | "experiment.finished" | "job.queued" | "job.started" | "job.progress" | "job.epoch" | "job.retrying" | "job.cancelling" | "job.succeeded" | "job.failed" | "job.cancelled";
            experiment_id: string;
            job_id: string | null;
            /** Format: date-time */
            created_at: string;
            data: {
                [key: string]: unknown;
            };
        };
        Model: {
            id: string;
            job_id: string;
            experiment_id: string;
            name: string;
            /**
             * @description What the job does.
             * @enum {unknown}
             */
            kind: "train" | "distill" | "deploy" | "measure" | "attack";
            architecture: string;
            dataset: string;
            training_temperature: number;
            deployment_temperature: number;
            test_accuracy: number;
            weights_sha256: string;
            /** Format: date-time */
            created_at: string;
        };
        Worker: {
            id: string;
            name: string;
            host: string;
            pid: number;
            version: string;
            /** @enum {unknown} */
            status: "online" | "draining" | "offline";
            engine: {
                /** @description `tfjs-node-gpu`, `tfjs-node`, `wasm` or `cpu`. */
                name: string;
                /** @description The backend's own name in TensorFlow.js. */
                backend: string;
                versions: {
                    [key: string]: string;
                };
                threads: number;
                device: string;
                self_check: {
                    passed: boolean;
                    max_relative_error: number;
                };
                /** @description Engines that would have been preferred, and why each was passed over. */
                skipped: {
                    name: string;
                    why: string;
                }[];
            } | null;
            concurrency: number;
            /** @description Tasks that it holds now. */
            running: number;
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            heartbeat_at: string;
        };
        Dataset: {
            /** @enum {unknown} */
            name: "mnist";
            title: string;
            /** @description Images to train and validate on. */
            train: number;
            /** @description Images of the official test set. */
            test: number;
            /** @description Height, width, channels. */
            shape: number[];
            classes: number;
            licence: string;
            source: string;
            /** @description sha256 of each decompressed file. */
            files: {
                [key: string]: string;
            };
        };
        Summary: {
            experiment: {
                id: string;
                name: string;
                status: string;
            };
            sentence: {
                shows: string;
                does_not_show: string;
            };
            rows: {
                key: string;
                /** @description The net, and where it needs them its seed and coordinates. */
                label: string;
                net: string;
                seed: number;
                grid: {
                    [key: string]: unknown;
                };
                kind: ("train" | "distill" | "deploy" | "measure" | "attack") | null;
                /** @description Such as `trained at T=20`. */
                made: string;
                status: ("blocked" | "queued" | "running" | "paused" | "succeeded" | "failed" | "cancelled") | null;
                training_temperature: number | null;
                deployment_temperature: number | null;
                test_accuracy: {
                    count: number;
                    of: number;
                    /** @description count / of; 0 where `of` is 0. */
                    rate: number;
                    /** @description Lower end of the 95 % Wilson score interval. */
                    low: number;
                    /** @description Upper end of the 95 % Wilson score interval. */
                    high: number;
                } | null;
                median_log10_gradient: (number | "NaN" | "Infinity" | "-Infinity") | null;
                float32_zero: {
                    count: number;
                    of: number;
                    /** @description count / of; 0 where `of` is 0. */
                    rate: number;
                    /** @description Lower end of the 95 % Wilson score interval. */
                    low: number;
                    /** @description Upper end of the 95 % Wilson score interval. */
                    high: number;
                } | null;
                wrong_direction: {
                    count: number;
                    of: number;
                    /** @description count / of; 0 where `of` is 0. */
                    rate: number;
                    /** @description Lower end of the 95 % Wilson score interval. */
                    low: number;
                    /** @description Upper end of the 95 % Wilson score interval. */
                    high: number;
                } | null;
                attacks: {
                    /** @description The name of the attack in the spec. */
                    name: string;
                    attack: string;
                    parameters: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description Whether it follows the float32 gradient of the cross-entropy at T = 1, or what masking does not reach.
                     * @enum {unknown}
                     */
                    approach: "naive" | "masking-proof" | "other";
                    follows: string;
                    job_id: string;
                    /**
                     * @description `blocked` until the jobs that it depends on have succeeded; the last three are final.
                     * @enum {unknown}
                     */
                    status: "blocked" | "queued" | "running" | "paused" | "succeeded" | "failed" | "cancelled";
                    success: {
                        count: number;
                        of: number;
                        /** @description count / of; 0 where `of` is 0. */
                        rate: number;
                        /** @description Lower end of the 95 % Wilson score interval. */
                        low: number;
                        /** @description Upper end of the 95 % Wilson score interval. */
                        high: number;
                    } | null;
                    ratio: number | null;
                    mean_pixels_changed: (number | "NaN" | "Infinity" | "-Infinity") | null;
                    mean_l2: (number | "NaN" | "Infinity" | "-Infinity") | null;
                    mean_linf: (number | "NaN" | "Infinity" | "-Infinity") | null;
                    no_gradient: number | null;
                    /** @description True classes of the denominator. */
                    class_histogram: number[];
                }[];
                reference: string | null;
                /**
                 * @description `undecided` where jobs are missing or the intervals overlap; `mixed` where pairs of attacks disagree.
                 * @enum {unknown}
                 */
                verdict: "reference" | "masked" | "partly-masked" | "harder" | "not-harder" | "mixed" | "undecided";
                finding: string;
            }[];
            gaps: {
                job_id: string;
                name: string;
                seed: number;
                grid: {
                    [key: string]: unknown;
                };
                /**
                 * @description `blocked` until the jobs that it depends on have succeeded; the last three are final.
                 * @enum {unknown}
                 */
                status: "blocked" | "queued" | "running" | "paused" | "succeeded" | "failed" | "cancelled";
                reason: string | null;
                detail: string | null;
            }[];
            /** @description Whatever was done otherwise than asked, with its job. */
            fallbacks: string[];
        };
        /**
         * @example {
         *       "type": "urn:retort:problem:invalid-spec",
         *       "title": "The spec is not valid",
         *       "status": 422,
         *       "detail": "/models/a/temperature: is -1; use a number above 0 and at most 10000.",
         *       "instance": "/v1/experiments",
         *       "request_id": "req-1",
         *       "problems": [
         *         {
         *           "pointer": "/models/a/temperature",
         *           "message": "is -1",
         *           "remedy": "use a number above 0 and at most 10000"
         *         }
         *       ]
         *     }
         */
        Problem: {
            /** @enum {unknown} */
            type: "urn:retort:problem:invalid-spec" | "urn:retort:problem:invalid-parameter" | "urn:retort:problem:idempotency-key-reused" | "urn:retort:problem:malformed-request" | "urn:retort:problem:not-found" | "urn:retort:problem:method-not-allowed" | "urn:retort:problem:body-too-large" | "urn:retort:problem:unsupported-media-type" | "urn:retort:problem:too-many-requests" | "urn:retort:problem:internal" | "urn:retort:problem:artifact-unavailable" | "urn:retort:problem:not-ready";
            /** @description The kind of problem, in words. */
            title: string;
            status: number;
            /** @description What was wrong with this request and what would be right. */
            detail: string;
            /** @description The path that was asked for. */
            instance: string;
            /** @description Under which the log has more. */
            request_id: string;
            problems?: {
                /**
                 * @description Into what the pointer leads; absent: the body.
                 * @enum {unknown}
                 */
                in?: "query" | "path" | "header";
                /** @description JSON pointer into the body; empty for the body itself. */
                pointer: string;
                /** @description What is wrong there. */
                message: string;
                /** @description What would be right. */
                remedy: string;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "alive";
                        version: string;
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ready";
                        /** @enum {string} */
                        postgres: "available";
                        /** @enum {unknown} */
                        redis: "available" | "degraded";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort cannot serve now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listExperiments: {
        parameters: {
            query?: {
                /** @description Items on the page. */
                limit?: number;
                /** @description The last item of the page before, as its `next` says. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Experiment"][];
                        has_more: boolean;
                        /** @description What to send as `after` for the next page. */
                        next: string | null;
                    };
                };
            };
            /** @description A parameter of the request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createExperiment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text that is yours for this submission. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExperimentSpec"];
            };
        };
        responses: {
            /** @description It is accepted. */
            202: {
                headers: {
                    /** @description Where the experiment is. */
                    Location?: string;
                    /** @description `true` where an earlier request had made it. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            /** @description The request cannot be read */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body has to be JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The spec is not valid, or: a parameter of the request is not valid, or: the Idempotency-Key was used with another body */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getExperiment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The experiment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The experiment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            /** @description There is nothing here */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelExperiment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The experiment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The experiment now. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            /** @description There is nothing here */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listExperimentJobs: {
        parameters: {
            query?: {
                /** @description Items on the page. */
                limit?: number;
                /** @description The last item of the page before, as its `next` says. */
                after?: string;
            };
            header?: never;
            path: {
                /** @description The experiment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Job"][];
                        has_more: boolean;
                        /** @description What to send as `after` for the next page. */
                        next: string | null;
                    };
                };
            };
            /** @description There is nothing here */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A parameter of the request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getExperimentResults: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The experiment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The experiment and its jobs, in the order of its plan. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        experiment: components["schemas"]["Experiment"];
                        jobs: components["schemas"]["Job"][];
                    };
                };
            };
            /** @description There is nothing here */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listExperimentEvents: {
        parameters: {
            query?: {
                /** @description The last event that is known already. */
                after?: number;
                /** @description Events in a JSON answer. */
                limit?: number;
            };
            header?: {
                /** @description For a stream: the last event that was received. It wins over `after`. */
                "Last-Event-ID"?: number;
            };
            path: {
                /** @description The experiment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events after a number, in order. With `Accept: text/event-stream` those, and then each that happens. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Event"][];
                        has_more: boolean;
                        /** @description What to send as `after` for the next page. */
                        next: number | null;
                    };
                    /**
                     * @example id: 7
                     *     event: job.queued
                     *     data: {"id":7,"type":"job.queued"}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description For a stream: nothing more will happen; do not connect again. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is nothing here */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A parameter of the request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getExperimentSummary: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The experiment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The findings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Summary"];
                };
            };
            /** @description There is nothing here */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getExperimentReport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The experiment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description There is nothing here */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: {
                /** @description `blocked` until the jobs that it depends on have succeeded; the last three are final. */
                status?: "blocked" | "queued" | "running" | "paused" | "succeeded" | "failed" | "cancelled";
                /** @description What the job does. */
                kind?: "train" | "distill" | "deploy" | "measure" | "attack";
                /** @description Only those of this experiment. */
                experiment_id?: string;
                /** @description Only those equal to the job with this one. */
                fingerprint?: string;
                /** @description Items on the page. */
                limit?: number;
                /** @description The last item of the page before, as its `next` says. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Job"][];
                        has_more: boolean;
                        /** @description What to send as `after` for the next page. */
                        next: string | null;
                    };
                };
            };
            /** @description A parameter of the request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description There is nothing here */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job now. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description There is nothing here */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All points, by name and step. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Metric"][];
                    };
                };
            };
            /** @description There is nothing here */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobAttempts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the order in which they started. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Attempt"][];
                    };
                };
            };
            /** @description There is nothing here */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobEvents: {
        parameters: {
            query?: {
                /** @description The last event that is known already. */
                after?: number;
                /** @description Events in a JSON answer. */
                limit?: number;
            };
            header?: {
                /** @description For a stream: the last event that was received. It wins over `after`. */
                "Last-Event-ID"?: number;
            };
            path: {
                /** @description The job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events after a number, in order. With `Accept: text/event-stream` those, and then each that happens. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Event"][];
                        has_more: boolean;
                        /** @description What to send as `after` for the next page. */
                        next: number | null;
                    };
                    /**
                     * @example id: 7
                     *     event: job.queued
                     *     data: {"id":7,"type":"job.queued"}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description For a stream: nothing more will happen; do not connect again. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is nothing here */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A parameter of the request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJobArtifact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job. */
                id: string;
                /** @description The name of the artifact. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its bytes, with its own media type; the ETag is its sha256. */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description The client has these bytes already, as its If-None-Match says. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description There is nothing here */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The artifact cannot be read, or: retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listModels: {
        parameters: {
            query?: {
                /** @description Items on the page. */
                limit?: number;
                /** @description The last item of the page before, as its `next` says. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Model"][];
                        has_more: boolean;
                        /** @description What to send as `after` for the next page. */
                        next: string | null;
                    };
                };
            };
            /** @description A parameter of the request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The net. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The net. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /** @description There is nothing here */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDatasets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Dataset"][];
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its name. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dataset. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            /** @description There is nothing here */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWorkers: {
        parameters: {
            query?: {
                /** @description Items on the page. */
                limit?: number;
                /** @description The last item of the page before, as its `next` says. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Worker"][];
                        has_more: boolean;
                        /** @description What to send as `after` for the next page. */
                        next: string | null;
                    };
                };
            };
            /** @description A parameter of the request is not valid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getQueue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Jobs by Postgres, deliveries by Redis. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        jobs: {
                            blocked: number;
                            queued: number;
                            running: number;
                            paused: number;
                            succeeded: number;
                            failed: number;
                            cancelled: number;
                        };
                        /** @description Deliveries that wait in Postgres for Redis. */
                        unsent: number;
                        /** @description What Redis holds, by state; `unavailable` while it is away. */
                        deliveries: {
                            [key: string]: number;
                        } | "unavailable";
                    };
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Retort has failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
