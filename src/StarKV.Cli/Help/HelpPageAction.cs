using System.CommandLine;
using System.CommandLine.Invocation;

namespace StarKV.Cli.Help;

/// <summary>
/// What <c>--help</c> does: it shows the <see cref="HelpPage"/> of the verb, whatever else is missing on the command line.
/// </summary>
/// <param name="terminal">Where it goes.</param>
/// <param name="topics">The examples and pages of the whole command.</param>
internal sealed class HelpPageAction(Terminal terminal, HelpTopics topics) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        using var page = new StringWriter { NewLine = "\n" };
        new HelpPage(page, terminal.Width, topics).Write(parseResult.CommandResult.Command);
        terminal.WritePage(page.ToString());
        return ExitCodes.Success;
    }
}
