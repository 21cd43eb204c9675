using StarKV.Cli;

return OpenFiles.AreEnough() ? await StarKvCommand.RunAsync(args).ConfigureAwait(false) : ExitCodes.BadInput;
