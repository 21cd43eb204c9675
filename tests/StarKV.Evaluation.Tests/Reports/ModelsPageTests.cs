using System.Xml.Linq;
using StarKV.Evaluation.Metrics;
using StarKV.Evaluation.Records;
using StarKV.Evaluation.Reports.Models;
using StarKV.Evaluation.Runs;

namespace StarKV.Evaluation.Tests.Reports;

/// <summary>Made-up runs of several models on 200 tasks, of which each cache gets so many right.</summary>
public sealed class ModelsPageTests : IDisposable
{
    private const int Tasks = 200;
    private readonly TempFolder _temp = new();

    private static RunPlan Plan { get; } = new()
    {
        Benchmark = "minigui-bench-v1",
        Model = "fp8",
        ModelFingerprint = "aa",
        Compute = "cuda float32",
        Tasks = Tasks,
        Methods = ["full", "probe", "snapkv", "snapkv:kernel=1"],
        Keep = ["5%", "20%"],
        Match = MatchBy.Bytes,
    };

    // Percent right at 5 % and 20 % of probe, snapkv and snapkv:kernel=1, and of the full cache.
    private static readonly int[] s_wins = [92, 96, 50, 92, 70, 94, 98], s_loses = [60, 93, 80, 95, 50, 94, 97], s_weak = [60, 70, 20, 30, 30, 40, 80];

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_page_of_three_models_of_which_one_loses_and_one_is_outside_of_the_claim()
    {
        string[] folders =
        [
            $"mini={Made("a", Plan, s_wins)}", $"other={Made("b", Plan with { ModelFingerprint = "bb", Benchmark = "minigui-bench-v1+thoughts" }, s_loses)}",
            $"weak={Made("c", Plan with { ModelFingerprint = "cc" }, s_weak)}",
        ];
        var (page, pictures) = new ModelsPage(ComparedModels.Read(folders), "probe").Make("images", "page");
        Snapshot.Check("results-models.txt", page);
        Assert.Equal(["page-1.svg", "page-2.svg", "page-3.svg"], pictures.Keys);
        Assert.All(pictures.Values, svg => Assert.Equal("svg", XDocument.Parse(svg).Root!.Name.LocalName));
    }

    [Fact]
    public void Tests_are_corrected_over_all_models_and_budgets_together()
    {
        string[] folders = [$"mini={Made("a", Plan, s_wins)}", $"other={Made("b", Plan with { ModelFingerprint = "bb" }, s_loses)}"];
        var models = ComparedModels.Read(folders);
        var tests = new ModelTests(models, "probe").All;
        // Two others, two budgets, two models.
        Assert.Equal(8, tests.Count);
        Assert.Equal(Holm.Adjust([.. tests.Select(t => t.Test.P)]), tests.Select(t => t.Test.Corrected));
        Assert.Equal(("mini", "snapkv:kernel=1"), (models[0].Name, new ModelTests(models, "probe").AgainstBest(models[0], "5%")!.Second));
        // 38 of 92 right with 20 % and 12 % of the tasks apart would be found alone; the smallest p is multiplied by eight.
        var least = tests.MinBy(t => t.Test.P).Test;
        Assert.Equal(Math.Min(1, 8 * least.P), least.Corrected);
    }

    [Fact]
    public void Two_runs_of_one_model_are_joined_and_the_smallest_budget_is_the_one_from_which_on_enough_is_kept()
    {
        var (first, second) = (Made("a", Plan, s_wins), Made("a2", Plan with { Keep = ["7%", "30%"] }, [95, 90, 50, 50, 50, 98, 98]));
        var other = Plan with { ModelFingerprint = "bb" };
        var models = ComparedModels.Read([$"m={first}", second, $"o={Made("b", other, s_loses)}", Made("b2", other with { Keep = ["7%", "30%"] }, s_loses)]);
        Assert.Equal(["m", "o"], models.Select(m => m.Name));
        Assert.Equal(["5%", "7%", "20%", "30%"], models[0].Keeps);
        // Of 98: 95 and 96 are enough, 90 at the largest budget is not.
        Assert.Null(models[0].Smallest("probe"));
        Assert.Equal("20%", models[0].Smallest("snapkv:kernel=1"));
        Assert.Equal("20%", models[1].Smallest("probe"));
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_in_one_sentence()
    {
        var good = $"mini={Made("a", Plan, s_wins)}";
        var other = Plan with { ModelFingerprint = "bb" };
        Refused("The runs are of one model, mini (aa); name runs of another one too", good);
        Refused("2 models are called fp8; name the folders' models as NAME=DIR", good[5..], Made("b", other, s_wins));
        Refused("The names mini and maxi are of one model (aa)", good, $"maxi={good[5..]}");
        Refused("other was run on 200 tasks of minigui-bench-v2, mini on 200 tasks of minigui-bench-v1; one page", good, $"other={Made("c", other with { Benchmark = "minigui-bench-v2" }, s_wins)}");
        Refused("other was run on 100 tasks of minigui-bench-v1, mini on 200", good, $"other={Made("d", other with { Tasks = 100, Limit = 100 }, s_wins)}");
        Refused("other has no answers of snapkv:kernel=1 at 5%, which mini has", good, $"other={Made("e", other with { Methods = ["full", "probe", "snapkv"] }, s_wins)}");
        Refused("mini has no answers of probe at 40%, which other has", good, $"other={Made("f", other with { Keep = ["5%", "20%", "40%"] }, [.. s_wins, 99, 99, 99])}");
        Refused("other has no full cache to compare with", good, $"other={Made("g", other with { Methods = ["probe", "snapkv", "snapkv:kernel=1"] }, s_wins)}");
        Refused("have equal tokens", good, $"other={Made("h", other with { Match = MatchBy.Tokens }, s_wins)}");

        void Refused(string reason, params string[] folders) =>
            Assert.Contains(reason, Assert.Throws<StarKvException>(() => ComparedModels.Read(folders)).Message, StringComparison.Ordinal);
    }

    /// <summary>A run in which each cache gets the given percentage right, spread over the tasks by a fixed shuffle.</summary>
    private string Made(string name, RunPlan plan, int[] percent)
    {
        var folder = new RunFolder(_temp.File(name));
        folder.Begin(FakeRun.Manifest(plan));
        var tasks = Enumerable.Range(0, plan.Tasks).Select(i => FakeRun.Tasks[0] with { Id = $"t{i:D3}" }).ToList();
        var shares = plan.Caches.Select((cache, i) => cache.Keep == "100%" ? percent[6] : percent[i - plan.Methods.Count(m => m == "full")]).ToList();
        using var log = folder.Open(Shard.Whole);
        new Evaluator((task, stop) => FakeRun.Answer(FakeRun.Tasks[0], stop) with
        {
            Task = task.Id,
            Answers =
            [
                .. plan.Caches.Select((cache, i) =>
                {
                    // 37 has no divisor in common with 100: any 100 tasks in a row have each rank once.
                    var isRight = (37 * int.Parse(task.Id[1..]) + 11 * i) % 100 < shares[i];
                    return new AnswerRecord(cache.Method, cache.Keep, isRight ? Verdict.Right : Verdict.Wrong, "a", null, 5, 5, (long)(1000 * KeepShare(cache.Keep)), 1000, 0.5);
                }),
            ],
        }).Run(tasks, log);
        return folder.Path;
    }

    private static double KeepShare(string keep) => double.Parse(keep[..^1]) / 100;
}
