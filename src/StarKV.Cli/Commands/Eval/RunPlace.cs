using System.CommandLine;
using System.CommandLine.Parsing;
using StarKV.Evaluation.Runs;

namespace StarKV.Cli.Commands.Eval;

/// <summary>The options that say where a run is computed: on a device, as a shard, or in a process for each of several devices.</summary>
internal sealed class RunPlace
{
    private readonly Option<string> _device = SharedOptions.Device();
    private readonly Option<string?> _devices = new("--devices")
    {
        Description = "Split the run over processes, one a device: " +
        "0,1 (CUDA cards), or cpu,cpu.",
        HelpName = "LIST"
    };
    private readonly Option<string> _shard = new("--shard")
    {
        Description = "One of several parts of the run, i/n; all parts write " +
        "into the same folder.",
        DefaultValueFactory = _ => "1/1",
        HelpName = "I/N"
    };

    /// <summary>All options, in the order of the help.</summary>
    public IEnumerable<Option> Options => [_shard, _device, _devices];

    /// <summary>The device of this process.</summary>
    public string Device(ParseResult parsed) => parsed.GetValue(_device)!;

    /// <summary>The part that this process runs.</summary>
    public Shard Part(ParseResult parsed) => Shard.Parse(parsed.GetValue(_shard)!);

    /// <summary>The devices to split the run over; null to run it here.</summary>
    public IReadOnlyList<string>? Devices(ParseResult parsed) =>
        parsed.GetValue(_devices) is { } names ? DeviceList.Read(names, Part(parsed)) : null;

    /// <summary>The command line's words but for those that say where it runs.</summary>
    public IReadOnlyList<string> OtherWords(ParseResult parsed)
    {
        var left = new HashSet<Token>(
            Options.SelectMany(o => parsed.GetResult(o) is { Implicit: false } r ? r.Tokens.Append(r.IdentifierToken!) : []));
        return [.. parsed.Tokens.Where(t => !left.Contains(t)).Select(t => t.Value)];
    }
}
