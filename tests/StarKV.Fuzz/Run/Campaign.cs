using System.Diagnostics;
using StarKV.Fuzz.Targets;

namespace StarKV.Fuzz.Run;

/// <summary>Rounds of all targets in turn, over several processes.</summary>
/// <param name="options">What the command line asks for.</param>
/// <param name="output">Takes what is found, as it is found.</param>
internal sealed class Campaign(FuzzOptions options, TextWriter output)
{
    // A target that hangs again and again says nothing new; the rest of its piece is left.
    private const int MostEnds = 3;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Tally> _tallies = [];

    /// <summary>Runs it.</summary>
    /// <returns>A tally for each target, in the order of the table.</returns>
    public IReadOnlyDictionary<string, Tally> Run()
    {
        var sizes = Sizes(options.Targets.Count > 0 ? options.Targets : TargetTable.Names);
        foreach (var target in sizes.Keys)
            _tallies[target] = new Tally();
        using var work = Pieces(sizes).GetEnumerator();
        var lanes = Enumerable.Range(0, options.Jobs).Select(_ => new Thread(() => Lane(work))).ToList();
        lanes.ForEach(lane => lane.Start());
        lanes.ForEach(lane => lane.Join());
        return _tallies;
    }

    // The sizes of a round; workers are asked for nothing that does not exist.
    private static Dictionary<string, int> Sizes(IReadOnlyList<string> names)
    {
        using var scratch = new Scratch();
        return names.ToDictionary(name => name, name => TargetTable.Make(name, scratch).InputsARound);
    }

    private IEnumerable<Work> Pieces(Dictionary<string, int> sizes)
    {
        var (watch, left) = (Stopwatch.StartNew(), options.Inputs ?? sizes.Values.Sum(s => (long)s));
        for (var round = 0; options.Seconds is { } seconds ? watch.Elapsed.TotalSeconds < seconds : left > 0; round++)
        {
            var share = options.Seconds is null ? Math.Min(1, (double)left / sizes.Values.Sum()) : 1;
            foreach (var (target, size) in sizes)
                yield return new Work(target, options.Seed, round, Math.Max(1, (int)Math.Round(share * size)), []);
            left -= sizes.Values.Sum();
        }
    }

    private void Lane(IEnumerator<Work> pieces)
    {
        WorkerProcess? worker = null;
        try
        {
            while (Next(pieces) is { } work)
            {
                while (true)
                {
                    var (tally, end) = (worker ??= new WorkerProcess()).Do(work, options.HangSeconds);
                    if (tally is not null)
                    {
                        Add(work.Target, tally);
                        break;
                    }

                    // The rest of the piece is done again from its beginning, without the input that does not come back.
                    worker.Dispose();
                    worker = null;
                    Add(work.Target, new Tally().With(new Outcome(end!.Kind, end.Shape, end.Message, end.Kind is OutcomeKind.Hang ? options.HangSeconds : 0, 0)) with { Findings = [end] });
                    if (end.Input.Iteration < 0 || work.Skip.Count + 1 == MostEnds)
                        break;
                    work = work with { Skip = [.. work.Skip, end.Input.Iteration] };
                }
            }
        }
        finally
        {
            worker?.Dispose();
        }
    }

    private Work? Next(IEnumerator<Work> pieces)
    {
        lock (_lock)
            return pieces.MoveNext() ? pieces.Current : null;
    }

    private void Add(string target, Tally tally)
    {
        lock (_lock)
        {
            var before = _tallies[target].Findings.Count;
            _tallies[target] = _tallies[target].Plus(tally);
            foreach (var finding in _tallies[target].Findings.Skip(before))
                output.WriteLine($"{finding.Kind} in {finding.Input.Target}: {finding.Message}\n  --repro {finding.Input} --save FILE");
        }
    }
}
