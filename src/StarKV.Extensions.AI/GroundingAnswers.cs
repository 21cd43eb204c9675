using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace StarKV.Extensions.AI;

/// <summary>What StarKV's answers hold on top of their text: the parsed actions, where they point, what the cache kept.</summary>
public static class GroundingAnswers
{
    /// <summary>Finds the answer behind a response.</summary>
    /// <param name="response">The response.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>
    /// False where the response holds its text alone: it came out of a cache, or a decorator put it together from a stream's updates;
    /// then look at the last update.
    /// </returns>
    public static bool TryGetGroundingAnswer(this ChatResponse response, [NotNullWhen(true)] out GroundingAnswer? answer)
    {
        ArgumentNullException.ThrowIfNull(response);
        answer = response.RawRepresentation as GroundingAnswer
            ?? response.Messages.Select(m => m.RawRepresentation).OfType<GroundingAnswer>().LastOrDefault();
        return answer is not null;
    }

    /// <summary>Finds the answer behind an update: the last one of a stream has it.</summary>
    /// <param name="update">The update.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>False for an update that is not the last one, or came out of a cache.</returns>
    public static bool TryGetGroundingAnswer(this ChatResponseUpdate update, [NotNullWhen(true)] out GroundingAnswer? answer)
    {
        ArgumentNullException.ThrowIfNull(update);
        answer = update.RawRepresentation as GroundingAnswer;
        return answer is not null;
    }
}
