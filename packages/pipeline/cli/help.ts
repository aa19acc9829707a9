/** What `--help` prints. */
export const help = `Runs a pipeline that is declared in a YAML file.

  deno run -A pipeline.yaml [COMMAND] [TARGETS] [FLAGS]        with the entry that init writes
  deno run -A jsr:@mednext/pipeline [PIPELINE.yaml] [COMMAND] [TARGETS] [FLAGS]

Commands
  run [TARGETS]      run what is not up to date (the default); a target is a stage (train) or one
                     instance of it (train@fold=2), and brings along everything it needs
  plan [TARGETS]     show the instances, their modules and what they read
  status [TARGETS]   show what is up to date and what would run
  schema             print the JSON Schema of the file with the parameters of its stages, for editors
  init [FOLDER]      write a pipeline.yaml and a deno.json to start from; nothing is overwritten
  gc                 remove results that no lock file names any more
  info               show what each backend finds on this machine, and which one "auto" takes
  predict            segment images with a trained model, without a pipeline; predict --help says how

Flags
  --set PATH=VALUE   change a value of the file, such as stages.train.with.epochs=5; a relative path
                     is relative to the current folder (run, plan, status)
  --max-minutes 60   how long each training may take; its learning rate falls with the time (run, plan,
                     status)
  --force            run the targets even if they are up to date (run)
  --keep-going       after an error go on with what does not depend on it (run)
  --jobs 1           how many instances run at a time; only 1 today (run)
  --why              name the first thing that changed (status)
  --output FILE      write there instead of printing (schema)
  --dry-run          only show what would be removed (gc)
  --scratch          remove the checkpoints of unfinished runs too (gc)
  --cross-validation five folds, post-processing, and masks by all five models (init)
  --test             try each backend for at most a minute in all: whether it computes right, and how
                     fast; exit code 1 if one computes wrong or throws while it computes (info)
  -h, --help         this text
  --version          the version

Exit codes: 0 done, 1 failed, 2 the command line makes no sense, 130 stopped`;
