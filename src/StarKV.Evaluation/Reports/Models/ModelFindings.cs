namespace StarKV.Evaluation.Reports.Models;

/// <summary>What holds in how many models, a sentence each, in Markdown; all of it follows from the page's tables.</summary>
/// <param name="models">The models.</param>
/// <param name="subject">The method in question.</param>
/// <param name="tests">Its tests.</param>
internal sealed class ModelFindings(IReadOnlyList<ComparedModel> models, string subject, ModelTests tests)
{
    private readonly List<ComparedModel> _claimed = [.. models.Where(model => model.IsInClaim)];

    /// <summary>The sentences.</summary>
    public IEnumerable<Markdown> Sentences()
    {
        var outside = models.Where(model => !model.IsInClaim).ToList();
        if (outside.Count > 0)
            yield return Markdown.Of(
                $"The findings are about the {_claimed.Count} of {models.Count} models whose full cache gives at least "
                    + $"{100 * ComparedModel.EnoughRight:0} % right answers. Listed, but outside of them: "
                    + $"{Markdown.Join(", ", outside.Select(Full))}.");
        if (_claimed.Count == 0)
            yield break;
        foreach (var keep in models[0].Keeps)
            yield return AtBudget(keep);
        yield return Counts();
        yield return Budgets();
    }

    private static Markdown Full(ComparedModel model) =>
        Markdown.Of($"{Markdown.Code(model.Name)} with {ResultsPage.Share(model.Full.Accuracy, model.Full.Low, model.Full.High)}");

    private Markdown AtBudget(string keep)
    {
        var found = _claimed.Select(model => (Model: model, Test: tests.AgainstBest(model, keep))).ToList();
        var ahead = found.Where(f => f.Test?.Finding == "better").ToList();
        var rest = found.Except(ahead).ToList();
        var where = ahead.Count == 0 ? Markdown.None : Markdown.Of(
            $", {Markdown.Join("; ", ahead.Select(f => Numbers(f.Model, f.Test!)))}");
        var not = rest.Count == 0 ? Markdown.None : Markdown.Of(
            $". Not so: {Markdown.Join("; ", rest.Select(f => f.Test is { } test
                ? Markdown.Of($"{Numbers(f.Model, test)}, {test.Finding}")
                : Markdown.Of($"{Markdown.Code(f.Model.Name)}, where nothing can be compared")))}");
        return Markdown.Of(
            $"{Markdown.Code(subject)} ahead of the best other method at {keep}: in {ahead.Count} of {_claimed.Count} models{where}{not}.");

        Markdown Numbers(ComparedModel model, PairedTest test)
        {
            var (own, other) = (100 * model.Cell(subject, keep)!.Accuracy, 100 * model.Cell(test.Second, keep)!.Accuracy);
            var p = $"p {(test.Corrected < 0.0001 ? "" : "= ")}{ResultsPage.P(test.Corrected)}";
            return Markdown.Of($"{Markdown.Code(model.Name)} {own:0.0} to {other:0.0} ({Markdown.Code(test.Second)}, {p})");
        }
    }

    private Markdown Counts()
    {
        var of = tests.All.Where(t => t.Model.IsInClaim).Select(t => t.Test).ToList();
        var (better, worse) = (of.Count(t => t.Finding == "better"), of.Count(t => t.Finding == "worse"));
        return Markdown.Of(
            $"Of the {of.Count} tests against the {tests.Others.Count} other methods in these models {Markdown.Code(subject)} is better "
                + $"in {better} and worse in {worse}; in {of.Count - better - worse} no difference was found.");
    }

    private Markdown Budgets()
    {
        var own = Reach(subject);
        var next = tests.Others.Select(Reach).OrderByDescending(r => r.Models).ThenBy(r => r.Place).FirstOrDefault();
        return Markdown.Of(
            $"At least {100 * ComparedModel.EnoughKept:0} % of the full cache's right answers are kept: {Text(own)}"
                + $"{(next.Method is null ? Markdown.None : Markdown.Of($"; of the others first {Text(next)}"))}.");

        Markdown Text((string Method, int Models, int Place) reach) => reach.Models == 0
            ? Markdown.Of($"by {Markdown.Code(reach.Method)} at no budget in any model")
            : Markdown.Of(
                $"by {Markdown.Code(reach.Method)} from {models[0].Keeps[reach.Place]} on or sooner in {reach.Models} of {_claimed.Count} "
                    + $"models");
    }

    // In how many models a method keeps enough, and the largest of the budgets that it needs there.
    private (string Method, int Models, int Place) Reach(string method)
    {
        var keeps = models[0].Keeps.ToList();
        var places = _claimed.Select(model => model.Smallest(method)).OfType<string>().Select(keep => keeps.IndexOf(keep)).ToList();
        return (method, places.Count, places.Count == 0 ? keeps.Count : places.Max());
    }
}
