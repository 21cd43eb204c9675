using System.CommandLine;
using System.Runtime.InteropServices;
using StarKV.Cli.Commands.Doctor;
using StarKV.Runtime;
using StarKV.Runtime.Native;

namespace StarKV.Cli.Commands;

/// <summary><c>starkv doctor</c>: what the engine needs of this machine, what is there, and how to get what is missing.</summary>
internal static class DoctorCommand
{
    private const string Package = "libstdc++.so.6";

    public static Command Create(Terminal terminal)
    {
        var json = SharedOptions.Json();
        var device = SharedOptions.Device();
        var patience = new Option<double>("--patience")
        {
            Description = "Seconds that a native part may take before it counts as " +
            "broken, 1 to 3600.",
            DefaultValueFactory = _ => 120,
            HelpName = "X"
        };
        var command = new Command("doctor", "Tell what the engine finds on this machine, what is missing, " +
            "and how to get it.") { device, patience, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (NativeExamination.Asked is { } parts)
            {
                NativeExamination.Tell(parts, parsed.GetValue(device)!, terminal.WritePlain);
                return ExitCodes.Success;
            }

            var seconds = parsed.GetValue(patience);
            if (!(seconds is >= 1 and <= 3600))
                throw new StarKvException($"--patience is {seconds}; it must be 1 to 3600 seconds.");
            var native = await new NativeExamination(parsed.GetValue(device)!, TimeSpan.FromSeconds(seconds)).RunAsync(cancellation)
                .ConfigureAwait(false);
            List<Check> checks = [.. Before(), .. native, .. After()];
            if (parsed.GetValue(json))
                terminal.WriteJson(checks.Select(c => new { c.Name, c.Ok, c.Found, c.WayOut }));
            else
                Print(terminal, checks);
            return checks.All(c => c.Ok) ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }

    private static IEnumerable<Check> Before()
    {
        yield return new Check("system", true, $"{SystemName()}, {RuntimeInformation.ProcessArchitecture}, " +
            $"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}");
        yield return Libstdcxx();
    }

    private static IEnumerable<Check> After()
    {
        yield return new Check("memory", true, $"{Format.Bytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)} for this process, " +
            $"{Format.Bytes(MemoryReading.Now().ProcessBytes)} in use");
        yield return Model();
    }

    private static Check Libstdcxx()
    {
        if (!NativeLibrary.TryLoad(Package, out _))
            return new Check("libstdc++", false, "not found", "Install it: apt-get install libstdc++6.");
        return new Check("libstdc++", true, HostLibraries.AreOld()
            ? "older than 13; TorchSharp's library is adapted when it is loaded"
            : "13 or newer");
    }

    private static Check Model()
    {
        const string name = "shipped model";
        try
        {
            return new Check(name, true, ShippedModel.Find());
        }
        catch (StarKvException e)
        {
            return Check.Missing(name, e.Message);
        }
    }

    private static string SystemName()
    {
        const string release = "/etc/os-release";
        var name = File.Exists(release)
            ? File.ReadLines(release).FirstOrDefault(l => l.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))?.Split('=')[1].Trim('"')
            : null;
        return name ?? RuntimeInformation.OSDescription;
    }

    private static void Print(Terminal terminal, List<Check> checks)
    {
        foreach (var check in checks)
        {
            var (colour, word) = check.Ok ? ("green", "ok     ") : check.Found == "broken" ? ("red", "broken ") : ("red", "missing");
            terminal.WriteLine($"[{colour}]{word}[/] [bold]{check.Name}[/]: {(check.Ok ? check.Found : check.WayOut)}");
        }
    }
}
