using StarKV.Decode;
using StarKV.Input;
using StarKV.Models;

namespace StarKV.Schedule;

/// <summary>One request on its way through the engine, divided into pieces that the engine asks for one by one.</summary>
/// <remarks>
/// Its pieces run on the inference thread in this order: <see cref="Need"/>, <see cref="Start"/>, <see cref="Open"/>,
/// <see cref="ReadLayer"/> for each layer, <see cref="Join"/>, <see cref="Written"/> after each token, and <see cref="End"/>, which comes
/// once and may come after any of them.
/// </remarks>
/// <param name="turn">What the scheduler knows of it.</param>
/// <param name="cancellation">Ends it between two pieces, and inside of those that look at it.</param>
internal abstract class Job(JobTurn turn, CancellationToken cancellation)
{
    private CancellationTokenRegistration _waiting;
    private int _taken;

    /// <summary>What the scheduler knows of it.</summary>
    public JobTurn Turn => turn;

    /// <summary>Ends it between two pieces, and inside of those that look at it.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Whether it is done at once, from its start to its end, while everybody else waits; default false.</summary>
    public virtual bool RunsAlone => false;

    /// <summary>Whether somebody waits for its end still.</summary>
    public abstract bool IsAwaited { get; }

    /// <summary>From now on it waits: who cancels it then ends it at once.</summary>
    public void Wait() => _waiting = Cancellation.UnsafeRegister(
        static waiting =>
        {
            var job = (Job)waiting!;
            if (job.Take())
                job.Refuse(new OperationCanceledException(job.Cancellation));
        },
        this);

    /// <summary>True for the one caller who decides how it goes on: it is started, or refused while it waits.</summary>
    public bool Take() => Interlocked.Exchange(ref _taken, 1) == 0;

    /// <summary>It waits no longer.</summary>
    public void WaitNoLonger() => _waiting.Unregister();

    /// <summary>The bytes it will need; asked again until they are there.</summary>
    public abstract JobNeed Need();

    /// <summary>Finds out what is to be read.</summary>
    /// <returns>The screenshots to encode for it, oldest first.</returns>
    public abstract IReadOnlyList<ModelImage> Start();

    /// <summary>Begins to read.</summary>
    /// <param name="screens">What the tower gave for the screenshots; lent until <see cref="End"/>.</param>
    /// <param name="vision">How long that took.</param>
    /// <returns>Layers to read.</returns>
    public abstract int Open(IReadOnlyList<ScreenFeatures> screens, TimeSpan vision);

    /// <summary>Reads the next layer.</summary>
    public abstract void ReadLayer();

    /// <summary>Ends the reading; answers begin to be written.</summary>
    public abstract void Join(DecodeBatch batch);

    /// <summary>Looks at what was written: true when all answers have ended and the result is there.</summary>
    /// <param name="batch">Where further answers join.</param>
    /// <param name="time">How long the last token took.</param>
    public abstract bool Written(DecodeBatch batch, TimeSpan time);

    /// <summary>Ends it: frees what it holds and tells whoever waits.</summary>
    /// <param name="batch">Where its answers are written; they leave.</param>
    /// <param name="error">Why there is no result; null when it is there.</param>
    public abstract void End(DecodeBatch batch, Exception? error);

    /// <summary>Tells whoever waits that there will be no result, without touching the device; from any thread.</summary>
    public abstract void Refuse(Exception error);
}
