using System.Text.Json;
using StarKV.Evaluation.Reports;
using StarKV.Evaluation.Reports.Page;
using StarKV.Evaluation.Runs;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;

namespace StarKV.Fuzz.Targets;

/// <summary>One of a run's files, the others being good: the run is read, summed up and shown in both forms.</summary>
internal sealed class RunFileTarget : IFuzzTarget
{
    private readonly string _folder, _file;
    private readonly Func<byte[]> _seed;

    private RunFileTarget(Scratch scratch, string name, string file, Func<byte[]> seed)
    {
        (Name, _folder, _file, _seed) = (name, scratch.Sub(name), file, seed);
        Write("run.json", RunFiles.Manifest());
        Write("samples-1-of-1.jsonl", RunFiles.Samples());
        Write("starts-1-of-1.jsonl", RunFiles.Starts());
        if (name == "errors")
            Write("errors-1-of-1.jsonl", RunFiles.Errors());
        string[] words = ["\"verdict\":\"right\"", "\"unreadable\"", "\"labels\"", "\"answers\"", "full", "star-kv", "100%", "20%", "\"error\":\"x\",", "1e300"];
        Mutations = name == "run" ? Mutate.Mutations.OfJson(words) : Mutate.Mutations.OfJsonLines(words);
    }

    public string Name { get; }

    public int InputsARound => 150;

    public IReadOnlyList<IMutation> Mutations { get; }

    public static RunFileTarget Manifest(Scratch scratch) => new(scratch, "run", "run.json", RunFiles.Manifest);

    public static RunFileTarget Samples(Scratch scratch) => new(scratch, "samples", "samples-1-of-1.jsonl", RunFiles.Samples);

    public static RunFileTarget Starts(Scratch scratch) => new(scratch, "starts", "starts-1-of-1.jsonl", RunFiles.Starts);

    public static RunFileTarget Errors(Scratch scratch) => new(scratch, "errors", "errors-1-of-1.jsonl", RunFiles.Errors);

    public IEnumerable<byte[]> Seeds() => [_seed()];

    public string Run(byte[] input)
    {
        Write(_file, input);
        var runs = FinishedRun.Read([_folder]);
        var page = new ReportPage(runs) { Command = "starkv report" };
        var html = page.ToHtml();
        BrokenPromiseException.Unless(!html.Contains("<script", StringComparison.OrdinalIgnoreCase), "a script came onto the page");
        _ = JsonSerializer.Serialize(page.Summary, RunJson.File);
        var (markdown, pictures) = new ResultsPage(runs).Make("images", "run");
        return $"{runs.Count} {runs[0].Summary.Done} {runs[0].Summary.Errors} {runs[0].Summary.Cells.Count} {pictures.Count} {Math.ILogB(markdown.Length)} {page.Heading.Length}";
    }

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(_folder, name), bytes);
}
