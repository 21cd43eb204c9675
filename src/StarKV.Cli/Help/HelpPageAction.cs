using System.CommandLine;
using System.CommandLine.Invocation;

namespace StarKV.Cli.Help;

/// <summary>What <c>--help</c> does: it shows the <see cref="HelpPage"/> of the verb, whatever else is missing on the command line.</summary>
/// <param name="terminal">Where it goes.</param>
internal sealed class HelpPageAction(Terminal terminal) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        new HelpPage(terminal.Out, terminal.Console.Profile.Width).Write(parseResult.CommandResult.Command);
        return ExitCodes.Success;
    }
}
