using System.Text;
using StarKV.Budget;
using StarKV.Cli.Commands;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Hub;
using StarKV.Input;
using StarKV.Weights;

namespace StarKV.Fuzz.Targets;

/// <summary>Texts of options: lists of methods and budgets, protected parts, names of models, an address, a token.</summary>
/// <remarks>Each line is an option; which reader takes it, its first word says.</remarks>
internal sealed class OptionsTarget : IFuzzTarget
{
    private readonly Screenshot _screen = Screenshot.FromRgb(new byte[30 * 20 * 3], 30, 20);

    public string Name => "options";

    public int InputsARound => 8_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfText(
        "method ", "keep ", "protect ", "pair ", "model ", "address ", "token ", "snapkv", "star-kv", ":kernel=1", ":alpha=", ":preset=session", ":protect=system+instruction", ":grid=square", "1e999", "NaN", "512t", "20%", "0.2", "1", "100%",
        ",", ":", "=", "@", "box:1,2,3,4", "system", "2147483647", "ORG/NAME", "@main", "--", "..", "https://", "user:pass@", "?x", "[::1]", "%00");

    public IEnumerable<byte[]> Seeds() =>
    [
        .. new[]
        {
            "method snapkv:kernel=1,star-kv:alpha=1:grid=square,full,gui-kv:preset=reference", "method st-lite:vectors=input:gate=share,snapkv:preset=sharp:value=on", "method pyramidkv:protect=system+instruction,vl-cache,streaming-llm,knorm,random", "keep 5%,20%,0.5,512t", "keep 1,3,5", "protect system", "protect box:1,2,10,10",
            "pair snapkv@20%", "pair star-kv", "model ORG/NAME@v1.0", "address https://hub.example:8080/x", "token hf_abcdef",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public string Run(byte[] input)
    {
        var parts = Encoding.UTF8.GetString(input).Split(' ', 2);
        var text = parts.Length > 1 ? parts[1] : "";
        return parts[0] switch
        {
            "method" => $"{Math.Min(CompressionList.Read([text], "20%,512t").Select(c => c.ToString()).ToList().Count, 9)}",
            "keep" => $"{Math.Min(KvBudget.ParseList(text).Select(b => b.Capacity(1000) is >= 2 and <= 1000 ? b.ToString() : throw new BrokenPromiseException("a budget keeps nothing, or more than all")).ToList().Count, 9)}",
            "protect" => $"{ProtectedParts.Read([text], _screen)?.Boxes.Count}",
            "pair" => $"{CompressionList.Pair(CompressionList.Read([], "20%,50%"), [text, "full"])}",
            "model" => $"{HubModel.Parse(text).Revision.Length > 4}",
            "address" => HubSettings.ReadEndpoint(text, "--endpoint").Scheme,
            "token" => $"{HubToken.Read(text, "HF_TOKEN") is null}",
            _ => throw new StarKvException($"there is no option of that name"),
        };
    }
}
