using StarKV.Bench;
using StarKV.Cli;

return OpenFiles.AreEnough() ? await StarKvCommand.RunAsync(args, BenchCommand.Create).ConfigureAwait(false) : ExitCodes.BadInput;
