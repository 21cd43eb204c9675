using StarKV.Evaluation.Metrics;

namespace StarKV.Evaluation.Reports.Models;

/// <summary>One method against all others in all models at all budgets, corrected for all of these tests together.</summary>
internal sealed class ModelTests
{
    /// <summary>Makes the tests.</summary>
    /// <param name="models">The models.</param>
    /// <param name="subject">The method; its own variants are not among the others.</param>
    public ModelTests(IReadOnlyList<ComparedModel> models, string subject)
    {
        Others = [.. models[0].Methods.Where(method => method != subject && ResultsPage.BaseOf(method) != subject)];
        var tests = models.SelectMany(model => PairedTest.Of(Others.Select(other => (model.Results(subject), model.Results(other))))
            .Select(test => (Model: model, Test: test))).ToList();
        var corrected = Holm.Adjust([.. tests.Select(test => test.Test.P)]);
        All = [.. tests.Zip(corrected, (test, p) => (test.Model, test.Test with { Corrected = p }))];
    }

    /// <value>The other methods, in the order of the runs.</value>
    public IReadOnlyList<string> Others { get; }

    /// <value>The tests, model by model.</value>
    public IReadOnlyList<(ComparedModel Model, PairedTest Test)> All { get; }

    /// <summary>
    /// The test against the other method that has most right answers in a model at a budget, chosen by looking at them; null where
    /// nothing could be compared.
    /// </summary>
    public PairedTest? AgainstBest(ComparedModel model, string keep) => All.Where(t => t.Model == model && t.Test.Keep == keep)
        .Select(t => t.Test).MaxBy(test => model.Cell(test.Second, keep)!.Accuracy);
}
