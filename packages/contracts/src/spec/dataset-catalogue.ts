/** A published dataset, as far as it is known without reading it. */
export interface CatalogueEntry {
  readonly title: string;
  /** Images of the official training set. */
  readonly train: number;
  /** Images of the official test set. */
  readonly test: number;
  /** Height, width, channels. */
  readonly shape: readonly [number, number, number];
  readonly classes: number;
  readonly class_names: readonly string[];
  readonly licence: string;
  readonly source: string;
  /** Whether its bytes come with Retort; the others are fetched once a machine. */
  readonly bundled: boolean;
  /** sha256 of each file, decompressed: `packages/datasets` checks the bytes against them. */
  readonly files: Readonly<Record<string, string>>;
}

/** The datasets that a spec can name. */
export const datasetCatalogue = {
  mnist: {
    title: 'MNIST handwritten digits',
    train: 60_000,
    test: 10_000,
    shape: [28, 28, 1],
    classes: 10,
    class_names: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    licence: 'CC BY-SA 3.0',
    source: 'Y. LeCun, C. Cortes and C. Burges, http://yann.lecun.com/exdb/mnist/',
    bundled: true,
    files: {
      'train-images': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      'train-labels': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      'test-images': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      'test-labels': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
  'fashion-mnist': {
    title: 'Fashion-MNIST articles of clothing',
    train: 60_000,
    test: 10_000,
    shape: [28, 28, 1],
    classes: 10,
    class_names: [
      'T-shirt/top',
      'Trouser',
      'Pullover',
      'Dress',
      'Coat',
      'Sandal',
      'Shirt',
      'Sneaker',
      'Bag',
      'Ankle boot',
    ],
    licence: 'MIT',
    source: 'H. Xiao, K. Rasul and R. Vollgraf (Zalando), arXiv 1708.07747',
    bundled: false,
    files: {
      'train-images': 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
      'train-labels': 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
      'test-images': '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
      'test-labels': '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    },
  },
  'cifar-10': {
    title: 'CIFAR-10 tiny colour images',
    train: 50_000,
    test: 10_000,
    shape: [32, 32, 3],
    classes: 10,
    class_names: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
    licence: 'none stated: cite the source, and do not redistribute',
    source: 'A. Krizhevsky, Learning multiple layers of features from tiny images, 2009',
    bundled: false,
    files: {
      'train-1': 'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5',
      'train-2': 'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed',
      'train-3': 'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67',
      'train-4': '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48',
      'train-5': '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add',
      test: '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b',
    },
  },
} as const satisfies Record<string, CatalogueEntry>;

export type DatasetName = keyof typeof datasetCatalogue;

/** The datasets that a spec can name. */
export const datasetNames = Object.keys(datasetCatalogue) as DatasetName[];
