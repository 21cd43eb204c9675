using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace StarKV.Cli.Help;

/// <summary>What <c>--version</c> does.</summary>
/// <param name="terminal">Where it goes.</param>
internal sealed class VersionAction(Terminal terminal) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        terminal.WritePlain(version?.InformationalVersion ?? "unknown");
        return ExitCodes.Success;
    }
}
