using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using StarKV.Cli.Commands.Eval;
using StarKV.Runtime;
using StarKV.Runtime.Native;

namespace StarKV.Cli.Commands.Doctor;

/// <summary>Looks at native parts in separate processes, so that what kills or stops a process becomes a line.</summary>
/// <param name="device">The device that is asked for.</param>
/// <param name="patience">How long nothing may be heard of a process before it is killed.</param>
internal sealed class NativeExamination(string device, TimeSpan patience)
{
    /// <summary>Set in a process that looks at parts: their names, separated by commas.</summary>
    public const string Variable = "STARKV_DOCTOR_PARTS";

    // Libraries write to stdout, too; what they write does not begin so.
    private const string Mark = "starkv-doctor ";

    /// <summary>The parts that this process was started to look at; null in a process that a user has started.</summary>
    public static IReadOnlyList<string>? Asked => Environment.GetEnvironmentVariable(Variable)?.Split(',');

    /// <summary>Looks at parts in this process and tells each step.</summary>
    /// <param name="asked">The parts.</param>
    /// <param name="device">The device that is asked for.</param>
    /// <param name="write">Writes a line to stdout at once.</param>
    public static void Tell(IReadOnlyList<string> asked, string device, Action<string> write)
    {
        using var parent = ParentWatch.Link(CancellationToken.None);
        using var ending = parent.Token.Register(() => Interruption.Exit(ExitCodes.Interrupted));
        NativeLibraries.Loading = path => Write(new Step(null, path, null));
        var parts = new NativeParts(device);
        var hasLibTorch = true;
        foreach (var part in asked.Where(part => hasLibTorch || !NativeParts.OnLibTorch(part)))
        {
            Write(new Step(part, null, null));
            var check = Look(parts, part);
            hasLibTorch &= part != NativeParts.LibTorchPart || check is { Ok: true };
            if (check is not null)
                Write(new Step(null, null, check));
        }

        void Write(Step step) => write(Mark + JsonSerializer.Serialize(step));
    }

    /// <summary>Looks at all parts.</summary>
    public async Task<IReadOnlyList<Check>> RunAsync(CancellationToken cancellation)
    {
        var checks = new List<Check>();
        for (var left = NativeParts.Names; left.Count > 0;)
            left = await LookAsync(left, checks, cancellation).ConfigureAwait(false);
        return checks;
    }

    /// <summary>Starts a process for some parts; returns those that it left when it died.</summary>
    private async Task<IReadOnlyList<string>> LookAsync(IReadOnlyList<string> asked, List<Check> checks, CancellationToken cancellation)
    {
        var start = OwnProgram.With(["doctor", "--device", device]);
        (start.Environment[Variable], start.Environment[ParentWatch.Variable]) = (string.Join(',', asked), "1");
        var (at, library) = (asked[0], (string?)null);
        string how;
        try
        {
            using var process = Process.Start(start)!;
            var errors = LastLineAsync(process.StandardError);
            try
            {
                while (await LineAsync(process.StandardOutput, cancellation).ConfigureAwait(false) is { } line)
                {
                    if (!line.StartsWith(Mark, StringComparison.Ordinal))
                        continue;
                    var step = JsonSerializer.Deserialize<Step>(line.AsSpan(Mark.Length))!;
                    (at, library) = (step.Begin ?? at, step.Begin is null ? step.Load ?? library : null);
                    if (step.Done is { } check)
                    {
                        checks.Add(check);
                        library = null;
                    }
                }

                await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
                if (process.ExitCode == ExitCodes.Success)
                    return [];
                how = Ending(process.ExitCode);
                if (process.ExitCode < SignalNames.First && await errors.ConfigureAwait(false) is { Length: > 0 } said)
                    how += $": {said}";
            }
            catch (TimeoutException)
            {
                how = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"said nothing for " +
                    $"{patience.TotalSeconds:0.#} s and was ended");
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill();
            }
        }
        catch (Win32Exception e)
        {
            how = $"could not be started: {e.Message}";
        }

        // A part that was told of and then took its process with it, as an exit of a library does, is told of once.
        if (checks.Find(c => c.Name == at) is { } told)
            checks.Remove(told);
        checks.Add(Check.Broken(at, library is null
            ? $"The process that looked at it {how}. Install that part again, or say --device cpu to leave a card out."
            : $"{library} cannot be loaded: the process that tried {how}. It, or a library that it needs, " +
                $"is damaged or made for another machine: install it again, or let {LibTorch.FolderVariable} name another libtorch."));
        var rest = asked.SkipWhile(part => part != at).Skip(1);
        return [.. at == NativeParts.LibTorchPart ? rest.Where(part => !NativeParts.OnLibTorch(part)) : rest];
    }

    private async Task<string?> LineAsync(StreamReader output, CancellationToken cancellation)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        waiting.CancelAfter(patience);
        try
        {
            return await output.ReadLineAsync(waiting.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private static async Task<string> LastLineAsync(StreamReader errors)
    {
        var last = "";
        while (await errors.ReadLineAsync().ConfigureAwait(false) is { } line)
            last = string.IsNullOrWhiteSpace(line) ? last : line.Trim();
        return last;
    }

    private static Check? Look(NativeParts parts, string part)
    {
        try
        {
            return parts.Look(part) is { } found ? new Check(part, true, found) : null;
        }
        catch (StarKvException e)
        {
            return e is NativeLibraryException ? Check.Broken(part, e.Message) : Check.Missing(part, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Check.Broken(part, $"{e.GetType().Name}: {e.Message.Split('\n')[0]}");
        }
    }

    private static string Ending(int code) =>
        SignalNames.Of(code) is { } signal
            ? $"ended by {signal}"
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"ended with code {code}");

    /// <summary>
    /// One line of a process that looks at parts: a part begins, a library is about to be loaded, or a part has been looked at.
    /// </summary>
    private sealed record Step(string? Begin, string? Load, Check? Done);
}
