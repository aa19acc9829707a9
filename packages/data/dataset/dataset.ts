/** A case with labels. */
export interface TrainingCase {
  /** The case's name; safe as a file name. */
  id: string;
  /** Paths of its images: one for each channel, or one that holds all channels. */
  images: string[];
  /** Path of its label map. */
  label: string;
}

/** A case without labels. */
export interface TestCase {
  /** The case's name; safe as a file name. */
  id: string;
  /** Paths of its images: one for each channel, or one that holds all channels. */
  images: string[];
}

/** What a label value means. */
export interface LabelName {
  /** The name, such as `background`. */
  name: string;
  /** The value in the label maps; 0 is the background. */
  value: number;
}

/** Label values that a network learns as one: regions may overlap. */
export interface LabelRegion {
  /** The name, such as `whole tumor`. */
  name: string;
  /** The label values that make up the region, as `dataset.json` lists them; none is 0. */
  values: number[];
}

/** What the values of label maps mean. */
export interface LabelDescription {
  /**
   * The labels, sorted by value; the first is the background, 0. A class is the place of its label
   * in this list. With regions, every value that occurs in one.
   */
  labels: LabelName[];
  /** The value of voxels that nobody labelled: above all others, no class of its own. */
  ignoreLabel?: number;
  /**
   * What a network learns in place of the labels, without the background: one output each (sigmoid).
   * There if some label of `dataset.json` is a list of several values.
   */
  regions?: LabelRegion[];
  /**
   * For each region the value that it is painted with, in the order in which they are painted: later
   * regions paint over earlier ones. There if there are regions.
   */
  regionsClassOrder?: number[];
}

/** A data set on disk. */
export interface Dataset extends LabelDescription {
  /** The data set's name, or else its folder's. */
  name: string;
  /** What each channel is, such as `CT` or `T1`. */
  channelNames: string[];
  /** Cases with labels, sorted by id. */
  training: TrainingCase[];
  /** Cases without, sorted by id. */
  test: TestCase[];
  /** Complete pairs of image and label in the folder that a list in `dataset.json` leaves out. */
  unlisted: string[];
}
