using System.CommandLine;
using System.Runtime.InteropServices;
using StarKV.Runtime;
using StarKV.Runtime.Cuda;

namespace StarKV.Cli.Commands;

/// <summary><c>starkv doctor</c>: what the engine needs of this machine, what is there, and how to get what is missing.</summary>
internal static class DoctorCommand
{
    private const string Package = "libstdc++.so.6";

    public static Command Create(Terminal terminal)
    {
        var json = SharedOptions.Json();
        var device = SharedOptions.Device();
        var command = new Command("doctor", "Tell what the engine finds on this machine, what is missing, and how to get it.") { device, json };
        command.SetAction(parsed =>
        {
            var checks = Checks(parsed.GetValue(device)!).ToList();
            if (parsed.GetValue(json))
                terminal.WriteJson(checks.Select(c => new { c.Name, c.Ok, c.Found, c.WayOut }));
            else
                Print(terminal, checks);
            return Task.FromResult(checks.All(c => c.Ok) ? ExitCodes.Success : ExitCodes.Failed);
        });
        return command;
    }

    private static IEnumerable<Check> Checks(string device)
    {
        yield return new Check("system", true, $"{SystemName()}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}");
        yield return Libstdcxx();
        var libtorch = Try("libtorch", () =>
        {
            var info = LibTorch.Load();
            return $"{info.Version} {(info.HasCuda ? "CUDA" : "CPU")} build from {info.Folder} ({info.Source}){(info.Adapted ? ", adapted to the older libstdc++" : "")}" +
                   (info.ScalarsKept ? "" : ", numbers may be freed while they are read: another TorchSharp, or code that is not to be changed");
        });
        yield return libtorch;
        if (libtorch.Ok)
        {
            yield return Try("operations", () =>
            {
                using var thread = new InferenceThread("StarKV doctor");
                return thread.Run(Arithmetic);
            });
            Compute? compute = null;
            yield return Try("device", () =>
            {
                compute = Compute.Choose(device);
                return $"{compute.Device}, {Names.Of(compute.DType)}";
            });
            if (compute is { IsCuda: true })
            {
                yield return Try("device memory", () => MemoryReading.Now(compute) is var m ? $"{Format.Bytes(m.DeviceFreeBytes!.Value)} free of {Format.Bytes(m.DeviceTotalBytes!.Value)}" : "");
                yield return new Check("kernels", true, CudaKernels.StateOn(compute.Device) ?? "compiled");
            }
        }

        yield return new Check("memory", true, $"{Format.Bytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)} for this process, {Format.Bytes(MemoryReading.Now().ProcessBytes)} in use");
        yield return Try("shipped model", () => ShippedModel.Find());
    }

    private static Check Libstdcxx()
    {
        if (!NativeLibrary.TryLoad(Package, out _))
            return new Check("libstdc++", false, "not found", "Install it: apt-get install libstdc++6.");
        return new Check("libstdc++", true, TorchSharpBinding.NeedsCompatibility()
            ? "older than 13; TorchSharp's library is adapted when it is loaded"
            : "13 or newer");
    }

    /// <summary>Runs one grouped-query attention through the compiled operations and checks it against plain arithmetic.</summary>
    private static string Arithmetic()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var (q, k) = (TorchSharp.torch.randn(4, 3, 8), TorchSharp.torch.randn(2, 3, 8));
        var got = TextAttention(q, k);
        var keys = k.repeat_interleave(2, 0);
        var mask = TorchSharp.torch.ones(3, 3).triu(1) * -1e9;
        var expected = TorchSharp.torch.nn.functional.softmax(q.matmul(keys.transpose(1, 2)) / Math.Sqrt(8) + mask, -1).matmul(keys).transpose(0, 1).flatten(1);
        var difference = (got - expected).abs().max().item<float>();
        return difference < 1e-4 ? "attention agrees with plain arithmetic" : throw new StarKvException($"attention differs from plain arithmetic by {difference}; this libtorch cannot be used.");
    }

    private static TorchSharp.torch.Tensor TextAttention(TorchSharp.torch.Tensor q, TorchSharp.torch.Tensor k) =>
        Models.Qwen25Vl.TextDecoder.Attend(q, k, k);

    private static Check Try(string name, Func<string> work)
    {
        try
        {
            return new Check(name, true, work());
        }
        catch (StarKvException e)
        {
            return new Check(name, false, "missing", e.Message);
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
            var (colour, word) = check.Ok ? ("green", "ok     ") : ("red", "missing");
            terminal.WriteLine($"[{colour}]{word}[/] [bold]{check.Name}[/]: {(check.Ok ? check.Found : check.WayOut)}");
        }
    }

    private sealed record Check(string Name, bool Ok, string Found, string? WayOut = null);
}
