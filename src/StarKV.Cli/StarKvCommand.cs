using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using StarKV.Cli.Commands;
using StarKV.Cli.Commands.Chat;
using StarKV.Cli.Commands.Eval;
using StarKV.Cli.Commands.Serve;
using StarKV.Cli.Help;

namespace StarKV.Cli;

/// <summary>The <c>starkv</c> command: its verbs, and one place where errors become sentences and exit codes.</summary>
public static partial class StarKvCommand
{
    /// <summary>Runs a command line of <c>starkv</c> and returns the exit code.</summary>
    public static Task<int> RunAsync(string[] args, Terminal? terminal = null) =>
        RunAsync(args, Create, terminal ?? Terminal.OfProcess());

    /// <summary>Runs a command line of a command that <see cref="Root"/> made and returns the exit code.</summary>
    /// <param name="args">The words.</param>
    /// <param name="create">Makes the command for a terminal.</param>
    /// <param name="terminal">Where results go.</param>
    public static async Task<int> RunAsync(string[] args, Func<Terminal, Command> create, Terminal terminal)
    {
        using var interruption = new Interruption(() => terminal.Error("interrupted"));
        try
        {
            var root = create(terminal);
            var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
            if (parsed.Errors.Count > 0)
            {
                terminal.Error($"{Sentence(parsed)} See {root.Name} {Verbs(parsed)}--help.");
                return ExitCodes.BadInput;
            }

            // Before anything is loaded: a place that cannot be written would be noticed only when all is done.
            var command = parsed.CommandResult.Command;
            if (parsed.Action == command.Action)
            {
                foreach (var output in command.Options.OfType<OutputOption>())
                    output.Check(parsed);
            }

            // Training saves what was learned before it ends, and a step of it may be long; a server lets others finish; some remove what
            // they began to write.
            if (command.Name is MiniGuiTrainCommand.Verb or ServeCommand.Verb)
                interruption.Grace = Timeout.InfiniteTimeSpan;
            else if (command.Name is MiniGuiCommand.DrawVerb or MiniGuiTrainCommand.QuantizeVerb)
                interruption.Grace = TimeSpan.FromSeconds(10);
            interruption.SecondEnds = command.Name == ServeCommand.Verb;
            var configuration = new VerbConfiguration(interruption)
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                // What the library would write is written by the terminal: a command line may hold anything.
                Output = TextWriter.Null,
                Error = TextWriter.Null,
            };
            return await parsed.InvokeAsync(configuration, interruption.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            interruption.Tell();
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (Refusal.Sentence(e) is { } sentence)
        {
            terminal.Error(sentence);
            return ExitCodes.BadInput;
        }
        catch (Exception e)
        {
            if (Environment.GetEnvironmentVariable("STARKV_TRACE") is null)
                terminal.Error($"internal error: {e.GetType().Name}: {e.Message.Split('\n')[0]} Set " +
                    $"STARKV_TRACE=1 for the details and report them.");
            else
                terminal.Trace(e);
            return ExitCodes.Internal;
        }
    }

    /// <summary>The verbs of a command line as far as they were understood, each followed by a blank.</summary>
    private static string Verbs(ParseResult parsed)
    {
        var verbs = "";
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult { Parent: not null } verb; at = verb.Parent)
            verbs = $"{verb.Command.Name} {verbs}";
        return verbs;
    }

    /// <summary>What is wrong with a command line. A word that is not known is the cause of what else seems to be missing.</summary>
    private static string Sentence(ParseResult parsed)
    {
        // The last error is the most specific one.
        if (parsed.UnmatchedTokens.Count == 0)
            return InWords(parsed.Errors[^1].Message) is var message && message.EndsWith('?') ? message : $"{message.TrimEnd('.')}.";
        var (command, word) = (parsed.CommandResult.Command, parsed.UnmatchedTokens[0]);
        var hint = word.StartsWith('-')
            ? Nearest.Hint(word.Split('=')[0], command.Options.Select(o => o.Name))
            : Nearest.Hint(word, command.Subcommands.Select(c => c.Name));
        return $"Unrecognized command or argument '{word}'.{hint}";
    }

    /// <summary>The library's message of a value that is no number, without the names of types.</summary>
    private static string InWords(string message)
    {
        if (NotOfType().Match(message) is not { Success: true } match)
            return message;
        var kind = match.Groups["type"].Value switch
        {
            var type when type.Contains("UInt", StringComparison.Ordinal) => "a whole number, 0 or more",
            var type when type.Contains("Int", StringComparison.Ordinal) => "a whole number",
            _ => "a number",
        };
        return $"{match.Groups["option"].Value} is '{match.Groups["value"].Value}'; it must be {kind}";
    }

    [GeneratedRegex("^Cannot parse argument '(?<value>.*)' for option '(?<option>.*)' as expected type " +
        "'(?<type>.*)'", RegexOptions.NonBacktracking)]
    private static partial Regex NotOfType();

    /// <summary>A command without verbs yet, with <c>--help</c> and <c>--version</c>.</summary>
    /// <param name="name">What is typed.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="topics">The examples of its help.</param>
    /// <param name="terminal">Where results go.</param>
    /// <remarks>No <see cref="RootCommand"/>: its name in help would be that of the file that runs.</remarks>
    public static Command Root(string name, string description, HelpTopics topics, Terminal terminal) => new(name, description)
    {
        new HelpOption { Action = new HelpPageAction(terminal, topics), Description = "Show this help." },
        new VersionOption { Action = new VersionAction(terminal), Description = "Show the version." },
    };

    internal static Command Create(Terminal terminal)
    {
        const string description = "KV-cache compression for GUI agents: read a screenshot, keep the part " +
            "of the cache that matters, answer with an action.";
        var command = Root(Terminal.DefaultCommand, description, Examples.Topics, terminal);
        foreach (var verb in Verbs(terminal))
            command.Add(verb);
        return command;
    }

    private static Command[] Verbs(Terminal terminal) =>
    [
        DemoCommand.Create(terminal),
        PullCommand.Create(terminal),
        GroundCommand.Create(terminal),
        ChatCommand.Create(terminal),
        ServeCommand.Create(terminal),
        MethodsCommand.Create(terminal),
        InspectCommand.Create(terminal),
        EvalCommand.Create(terminal),
        ReplayCommand.Create(terminal),
        ReportPageCommand.Create(terminal),
        ConformanceCommand.Create(terminal),
        DoctorCommand.Create(terminal),
        MiniGuiCommand.Create(terminal),
    ];
}
