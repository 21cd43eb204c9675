using System.CommandLine;
using StarKV.Cli.Commands;
using StarKV.Cli.Commands.Bench;

namespace StarKV.Cli;

/// <summary>The <c>starkv</c> command: its verbs, and one place where errors become sentences and exit codes.</summary>
internal static class StarKvCommand
{
    /// <summary>Runs a command line and returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, Terminal? terminal = null)
    {
        terminal ??= Terminal.OfProcess();
        using var interrupt = new CancellationTokenSource();
        void Stop(object? sender, ConsoleCancelEventArgs e)
        {
            e.Cancel = true;
            interrupt.Cancel();
        }

        Console.CancelKeyPress += Stop;
        try
        {
            var parsed = Create(terminal).Parse(args);
            if (parsed.Errors.Count > 0)
            {
                foreach (var error in parsed.Errors)
                    terminal.Error(error.Message);
                return ExitCodes.BadInput;
            }

            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = terminal.Out, Error = terminal.ErrorWriter };
            return await parsed.InvokeAsync(configuration, interrupt.Token).ConfigureAwait(false);
        }
        catch (StarKvException e)
        {
            terminal.Error(e.Message);
            return ExitCodes.BadInput;
        }
        catch (OperationCanceledException)
        {
            terminal.Error("interrupted");
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Error(e.Message);
            return ExitCodes.BadInput;
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("STARKV_TRACE") is null)
        {
            terminal.Error($"internal error: {e.GetType().Name}: {e.Message.Split('\n')[0]} Set STARKV_TRACE=1 for the details and report them.");
            return ExitCodes.Internal;
        }
        finally
        {
            Console.CancelKeyPress -= Stop;
        }
    }

    private static RootCommand Create(Terminal terminal) => new("KV-cache compression for GUI agents: read a screenshot, keep the part of the cache that matters, answer with an action.")
    {
        DemoCommand.Create(terminal),
        GroundCommand.Create(terminal),
        ConformanceCommand.Create(terminal),
        DoctorCommand.Create(terminal),
        BenchCommand.Create(terminal),
    };
}
