using StarKV.Cli;

return OpenFiles.AreEnough("starkv"u8) ? await StarKvCommand.RunAsync(args).ConfigureAwait(false) : ExitCodes.BadInput;
