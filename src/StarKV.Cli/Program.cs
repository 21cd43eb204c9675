using StarKV.Cli;

return await StarKvCommand.RunAsync(args).ConfigureAwait(false);
