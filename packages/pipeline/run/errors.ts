/** A stage that failed. Its `cause` is what the stage threw. */
export class StageError extends Error {
  /** The name of this class. */
  override name = "StageError";
  /** The instance that failed. */
  readonly instance: string;

  /**
   * Makes the error.
   *
   * @param instance The instance that failed.
   * @param cause What the stage threw.
   */
  constructor(instance: string, cause: unknown) {
    super(`Cannot finish ${instance}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.instance = instance;
  }
}

/** A run that the user stopped. */
export class InterruptedError extends Error {
  /** The name of this class. */
  override name = "InterruptedError";
  /** The instance that was running, if one was. */
  readonly instance: string | undefined;
  /** Whether that instance goes on from its checkpoint when it runs again. */
  readonly resumable: boolean;

  /**
   * Makes the error.
   *
   * @param instance The instance that was running.
   * @param resumable Whether it can go on.
   */
  constructor(instance: string | undefined, resumable: boolean) {
    const rest = instance === undefined
      ? "run the same command again to go on"
      : resumable
      ? `run the same command again: ${instance} goes on from its checkpoint`
      : `run the same command again: ${instance} starts afresh, everything before it is kept`;
    super(`Stopped; ${rest}`);
    this.instance = instance;
    this.resumable = resumable;
  }
}

/** A target that is not there. */
export class TargetError extends TypeError {
  /** The name of this class. */
  override name = "TargetError";
}
