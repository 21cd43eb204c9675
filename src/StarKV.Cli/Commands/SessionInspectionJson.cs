using StarKV.Reports.Inspect;
using StarKV.Reports.Inspect.Page;
using StarKV.Runtime;

namespace StarKV.Cli.Commands;

/// <summary>Inspected sessions as <c>--json</c> shows them: what the page shows, as numbers.</summary>
internal static class SessionInspectionJson
{
    public static object Of(SessionPage page, string? path, Compute compute)
    {
        var (inspection, options) = (page.Inspection, page.Inspection.Options);
        return new
        {
            Page = path,
            inspection.Instruction,
            page.Model,
            Device = compute.Device.ToString(),
            DType = Names.Of(compute.DType),
            Method = options.Method.Name,
            Keep = options.Method.LayerBudget.DropsNothing ? null : options.Budget.ToString(),
            Window = options.FrameWindow,
            Screens = inspection.Screens.Select(s => new { s.Name, WidthPixels = s.Width, HeightPixels = s.Height }),
            Sessions = inspection.Sessions.Select(s => new { Storage = Names.Of(s.Storage), Steps = s.Steps.Select(Step) }),
        };
    }

    private static object Step(InspectedStep step)
    {
        var (answer, kept) = (step.Answer, step.Held.Kept!);
        return new
        {
            step.Report.Step,
            step.Report.Tokens,
            step.Report.TokensRead,
            step.Report.Notes,
            step.Screens,
            Answer = answer.Text,
            Action = answer.Action?.ToString(answer.Coordinates),
            Point = answer.Point is { } p ? new[] { p.X, p.Y } : null,
            Kv = AnswerJson.Kv(answer.Kv),
            step.Held.DeviceBytes,
            step.Held.HostBytes,
            KeptTokens = new
            {
                OfClass = InspectionJson.OfClasses(kept.Mean),
                OfScreen = kept.Prompt.Frames.Select(kept.Mean),
            },
            KeptShareOfCells = answer.Kept.Frames,
        };
    }
}
