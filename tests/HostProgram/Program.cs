using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using StarKV.Runtime;
using TorchSharp;

// HostProgram culture: numbers as the library writes them. tensor: a tensor is made before anything of StarKV is used. device: a device is named before. starkv: after something of StarKV that loads nothing.
// load: what LibTorch.Load says, without TorchSharp before it. memory: what becomes of requests for which memory is short.
// allocations N: every N-th allocation of a session's step is refused in turn.
// session FOLDER SCREENSHOT: goes on with the sessions of a folder (see SavedSessions).
// scalars SECONDS [quiet | held]: numbers meet tensors while garbage is collected (see there).
// resolver: TorchSharp's libraries are resolved by the program.
// Else: then what LibTorch.Load says, and the sum of two tensors. Each step is a method of its own: .NET looks at StarKV no earlier than a user's first call.
if (args[0] == "culture")
    return WriteNumbers();
if (args[0] == "memory")
    return RunShortOfMemory();
if (args[0] == "allocations")
    return RefuseAllocations(int.Parse(args[1], CultureInfo.InvariantCulture));
if (args[0] == "session")
    return GoOn(args[1], args[2]);
if (args[0] == "scalars")
    return UseScalars(double.Parse(args[1], CultureInfo.InvariantCulture), args.Length < 3 ? "" : args[2]);
if (args[0] == "resolver")
    ResolveTorchSharp();
if (args[0] is "load" or "resolver")
    return UseStarKv();

try
{
    if (args[0] == "starkv")
        TouchStarKv();
    if (args[0] == "device")
        NameDevice();
    UseTorchSharp();
}
catch (Exception e) when (e is NotSupportedException or TypeInitializationException)
{
    Say("TorchSharp failed");
}

return UseStarKv();

[MethodImpl(MethodImplOptions.NoInlining)]
static int WriteNumbers()
{
    Say($"{CultureInfo.CurrentCulture} {0.5}");
    foreach (var line in StarKV.Tests.CultureSamples.Lines())
        Say(line);
    return 0;
}

[MethodImpl(MethodImplOptions.NoInlining)]
static int RunShortOfMemory() => StarKV.Tests.ShortMemory.Run(Say);

[MethodImpl(MethodImplOptions.NoInlining)]
static int RefuseAllocations(int stride) => StarKV.Tests.RefusedAllocations.Run(stride, Say);

[MethodImpl(MethodImplOptions.NoInlining)]
static int GoOn(string folder, string screen) => StarKV.Tests.SavedSessions.Run(folder, screen, Say);

[MethodImpl(MethodImplOptions.NoInlining)]
static int UseScalars(double seconds, string order) => StarKV.Tests.Scalars.Run(TimeSpan.FromSeconds(seconds), order, Say);

[MethodImpl(MethodImplOptions.NoInlining)]
static void ResolveTorchSharp() => NativeLibrary.SetDllImportResolver(typeof(torch).Assembly, (_, _, _) => 0);

[MethodImpl(MethodImplOptions.NoInlining)]
static void UseTorchSharp()
{
    using var sum = torch.tensor(1) + torch.tensor(2);
    Say($"sum {sum.item<int>()}");
}

[MethodImpl(MethodImplOptions.NoInlining)]
static void NameDevice() => Say($"device {torch.CPU}");

[MethodImpl(MethodImplOptions.NoInlining)]
static void TouchStarKv() => Say(StarKV.Budget.KvBudget.Keep(0.5).ToString());

[MethodImpl(MethodImplOptions.NoInlining)]
static int UseStarKv()
{
    try
    {
        var info = LibTorch.Load();
        Say($"{info.Folder} {info.Adapted} {info.ScalarsKept}");
        if (info.ScalarsUnkept is { } reason)
            Say(reason);
        UseTorchSharp();
    }
    catch (StarKV.StarKvException e)
    {
        Say(e.Message);
        return 2;
    }

    var loaded = File.ReadLines("/proc/self/maps").Where(line => line.Contains("LibTorchSharp.so", StringComparison.Ordinal));
    Say($"bindings {loaded.Select(line => line[line.IndexOf('/')..]).Distinct().Count()}");
    return 0;
}

// TorchSharp writes to standard output itself when it does not find its libraries.
static void Say(string line) => Console.WriteLine($"> {line}");
