using StarKV.Bench;
using StarKV.Cli;

return OpenFiles.AreEnough("starkv-bench"u8)
    ? await StarKvCommand.RunAsync(args, BenchCommand.Create, Terminal.OfProcess(BenchCommand.Name)).ConfigureAwait(false)
    : ExitCodes.BadInput;
