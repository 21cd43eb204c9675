using StarKV.Act;
using StarKV.Budget;
using StarKV.Input;

namespace StarKV.Tests;

/// <summary>Numbers as the library writes them: a point, a budget, a message.</summary>
internal static class CultureSamples
{
    /// <summary>A picture of 2×1 pixels.</summary>
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGNgYAAAAAMAAbitOmMAAAAASUVORK5CYII=";

    public static string[] Lines()
    {
        var message = "";
        try
        {
            Screenshot.Decode(Convert.FromBase64String(Png), "s", new ImageLimits { MaxAspectRatio = 1.5 });
        }
        catch (StarKvException e)
        {
            message = e.Message;
        }

        return [new ScreenPoint(0.25, -0.5).ToString(), KvBudget.Keep(0.125).ToString(), message];
    }
}
