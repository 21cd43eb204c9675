using StarKV.Account;
using StarKV.Compact;
using StarKV.Reports.Inspect;
using StarKV.Reports.Inspect.Page;
using StarKV.Runtime;
using StarKV.Text;

namespace StarKV.Cli.Commands;

/// <summary>An inspection as <c>--json</c> shows it: what the page shows, as numbers.</summary>
internal static class InspectionJson
{
    public static object Of(InspectionPage page, string? path, Compute compute)
    {
        var inspection = page.Inspection;
        var times = inspection.Caches[0].Answer.Times;
        return new
        {
            Page = path,
            inspection.Instruction,
            page.Model,
            Device = compute.Device.ToString(),
            DType = Names.Of(compute.DType),
            Match = inspection.MatchedBytes ? "bytes" : "tokens",
            TargetPixels = inspection.Target is { } box ? new[] { box.Left, box.Top, box.Width, box.Height } : null,
            Prompt = new
            {
                Tokens = inspection.Prompt.Length,
                TokensOfClass = OfClasses(c => inspection.Prompt.Classes.ToArray().Count(k => k == c)),
                Frames = inspection.Prompt.Frames.Select(
                    (f, i) =>
                        new
                        {
                            inspection.Screens[i].Name,
                            WidthPixels = inspection.Screens[i].Width,
                            HeightPixels = inspection.Screens[i].Height,
                            FirstToken = f.Start,
                            f.Rows,
                            f.Columns
                        }),
            },
            Milliseconds = new
            {
                Preprocess = times.Preprocess.TotalMilliseconds,
                Vision = times.Vision.TotalMilliseconds,
                PrefillWithAllSelections = times.Prefill.TotalMilliseconds
            },
            Caches = inspection.Caches.Select(Cache),
            Failed = inspection.Failed.Select(
                f => new { Method = f.Compression.Name, Keep = Keep(f.Compression), Error = f.Error.Message }),
            Differences = CacheDifference.Pairs(inspection, page.Difference).Select(p => Difference(inspection, p)),
        };
    }

    private static object Cache(InspectedCache cache)
    {
        var (answer, kept) = (cache.Answer, cache.Kept);
        return new
        {
            Method = cache.Compression.Name,
            Keep = Keep(cache.Compression),
            Answer = answer.Text,
            Action = answer.Action?.ToString(answer.Coordinates),
            Point = answer.Point is { } p ? new[] { p.X, p.Y } : null,
            cache.PointsInside,
            Kv = AnswerJson.Kv(answer.Kv),
            Draft = AnswerJson.Draft(answer),
            SelectionMilliseconds = answer.Times.Selection.TotalMilliseconds,
            DecodeMilliseconds = answer.Times.Decode.TotalMilliseconds,
            TargetKeptShare = cache.Survival is not { } survival ? null : new { survival.Mean, survival.Least, PerLayer = survival.Layers },
            KeptTokensPerLayer = Enumerable.Range(0, kept.Layers).Select(layer => new
            {
                OfClass = OfClasses(c => kept.Count(layer, c)),
                OfFrame = kept.Prompt.Frames.Select(f => kept.Count(layer, f)),
            }),
            KeptShareOfCells = answer.Kept.Frames,
            // For each layer one list, or one for each head: the shortest form from which every picture can be drawn again.
            KeptTokens = Enumerable.Range(0, kept.Layers)
                .Select(layer => Enumerable.Range(0, kept.Lists(layer)).Select(list => Ranges(kept, layer, list))),
        };
    }

    private static string? Keep(Compression compression) => compression.KeepsEverything ? null : compression.Budget.ToString();

    private static object Difference(Inspection inspection, (int First, int Second) pair)
    {
        var difference = CacheDifference.Between(inspection.Caches[pair.First].Kept, inspection.Caches[pair.Second].Kept);
        return new
        {
            First = inspection.Caches[pair.First].Compression.ToString(),
            Second = inspection.Caches[pair.Second].Compression.ToString(),
            OnlyFirstTokens = difference.OnlyFirst.Sum(),
            OnlySecondTokens = difference.OnlySecond.Sum(),
            BothTokens = difference.Both.Sum(),
            OverlapShare = difference.Overlap,
        };
    }

    /// <summary>A number for each class of tokens.</summary>
    internal static object OfClasses<T>(Func<TokenClass, T> count) =>
        new
        {
            System = count(TokenClass.System),
            User = count(TokenClass.User),
            Vision = count(TokenClass.Vision),
            Assistant = count(TokenClass.Assistant)
        };

    /// <summary>Tokens as spans, ends included: <c>0-3,17,20-24</c>.</summary>
    private static string Ranges(KeptTokens kept, int layer, int list)
    {
        var spans = new List<string>();
        for (var token = 0; token < kept.Prompt.Length; token++)
        {
            if (!kept.Holds(layer, list, token))
                continue;
            var start = token;
            while (token + 1 < kept.Prompt.Length && kept.Holds(layer, list, token + 1))
                token++;
            spans.Add(start == token ? $"{start}" : $"{start}-{token}");
        }

        return string.Join(',', spans);
    }
}
