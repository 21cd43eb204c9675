using System.Text;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.MiniGui.Training.Report;

namespace StarKV.Fuzz.Targets;

/// <summary>A log of a training, drawn.</summary>
internal sealed class TrainingLogTarget(Scratch scratch) : IFuzzTarget
{
    private readonly string _folder = scratch.Sub("training-log");

    public string Name => "training-log";

    public int InputsARound => 1_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfJsonLines("answerLoss", "heldOut", "\"right\"", "seconds");

    public IEnumerable<byte[]> Seeds() =>
    [
        Encoding.UTF8.GetBytes(
            """
            {"phase":"train","step":50,"seconds":12.5,"answerLoss":1.25,"cellLoss":0.5,"placeLoss":null,"alignLoss":null}
            {"phase":"train","step":100,"seconds":25,"heldOut":{"text":{"n":10,"right":0.5},"icon":{"n":10,"right":0.25}}}
            {"phase":"align","step":150,"seconds":40.5,"answerLoss":0.25,"cellLoss":0.25,"placeLoss":0.1,"alignLoss":0.01}

            """),
    ];

    public string Run(byte[] input)
    {
        var log = Path.Combine(_folder, "log.jsonl");
        File.WriteAllBytes(log, input);
        var picture = Path.Combine(_folder, "log.svg");
        TrainingPlot.Draw(log, picture);
        return $"{Math.ILogB(new FileInfo(picture).Length)}";
    }
}
