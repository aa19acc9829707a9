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

/** A data set on disk. */
export interface Dataset {
  /** The data set's name, or else its folder's. */
  name: string;
  /** What each channel is, such as `CT` or `T1`. */
  channelNames: string[];
  /** The labels, sorted by value; the first is the background, 0. */
  labels: LabelName[];
  /** Cases with labels, sorted by id. */
  training: TrainingCase[];
  /** Cases without, sorted by id. */
  test: TestCase[];
  /** Complete pairs of image and label in the folder that a list in `dataset.json` leaves out. */
  unlisted: string[];
}
