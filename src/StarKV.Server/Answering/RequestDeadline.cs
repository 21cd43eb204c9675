using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace StarKV.Server.Answering;

/// <summary>How long a request may take: as long as its client waits, less a second to tell it.</summary>
/// <param name="unlessSaid">Time where the client does not say; 0 for no limit.</param>
internal sealed class RequestDeadline(TimeSpan unlessSaid)
{
    private const double Longest = 24 * 3600;

    /// <summary>The time; null for no limit.</summary>
    /// <param name="headers">The request's headers.</param>
    public TimeSpan? Of(IHeaderDictionary headers)
    {
        if (headers.TryGetValue("X-Stainless-Timeout", out var values)
            && double.TryParse(values.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and <= Longest)
        {
            return TimeSpan.FromSeconds(seconds > 2 ? seconds - 1 : seconds / 2);
        }

        return unlessSaid > TimeSpan.Zero ? unlessSaid : null;
    }
}
