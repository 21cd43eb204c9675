using System.Text;
using StarKV.Cli.Commands;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;

namespace StarKV.Fuzz.Targets;

/// <summary>The <c>demo/task.json</c> of a model folder.</summary>
internal sealed class DemoTaskTarget : IFuzzTarget
{
    private readonly string _folder;

    public DemoTaskTarget(Scratch scratch)
    {
        _folder = scratch.Sub("demo-task");
        Directory.CreateDirectory(Path.Combine(_folder, "demo"));
        File.WriteAllBytes(Path.Combine(_folder, "demo", "screenshot.png"), Pictures.Of(SkiaSharp.SKEncodedImageFormat.Png, 64, 40));
    }

    public string Name => "demo-task";

    public int InputsARound => 3_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfJson("targetBox", "instruction");

    public IEnumerable<byte[]> Seeds() => [SeedFiles.Read("models/mini/demo/task.json"), Encoding.UTF8.GetBytes("""{"instruction":"Press","targetBox":[1,2,3,4]}""")];

    public string Run(byte[] input)
    {
        File.WriteAllBytes(Path.Combine(_folder, "demo", "task.json"), input);
        return $"{DemoTask.Load(_folder).IsRight(BenchmarkFiles.Answer())}";
    }
}
