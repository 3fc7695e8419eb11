namespace AksAuditd.Events.Json;

/// <summary>What an event says of its actor, written once for all of them: program, user, keys.</summary>
internal sealed class ActorFragments
{
    // A user may get another name: what is older is written again.
    private const long LongestSeconds = 60;

    private readonly Entry?[] _entries = new Entry?[ActorTable.Places];

    /// <summary>The pieces for one actor, each as it stands in the line.</summary>
    public sealed class Entry
    {
        private byte[] _json = new byte[512];
        private int _length;
        private Range _tags, _program, _user;
        private Actor? _actor;
        private long _generation, _seconds;

        public ReadOnlySpan<byte> Tags => _json.AsSpan(_tags);

        public ReadOnlySpan<byte> Program => _json.AsSpan(_program);

        public ReadOnlySpan<byte> User => _json.AsSpan(_user);

        public bool IsOf(EventFacts facts) =>
            _actor == facts.Actor && _generation == facts.Actor.Generation && (ulong)(facts.Id.Seconds - _seconds) < LongestSeconds;

        public void Begin(EventFacts facts)
        {
            _actor = facts.Actor;
            _generation = facts.Actor.Generation;
            _seconds = facts.Id.Seconds;
            _length = 0;
        }

        public void SetTags(ReadOnlySpan<byte> json) => _tags = Add(json);

        public void SetProgram(ReadOnlySpan<byte> json) => _program = Add(json);

        public void SetUser(ReadOnlySpan<byte> json) => _user = Add(json);

        private Range Add(ReadOnlySpan<byte> json)
        {
            if (_json.Length < _length + json.Length) Array.Resize(ref _json, 2 * (_length + json.Length));
            json.CopyTo(_json.AsSpan(_length));
            _length += json.Length;
            return (_length - json.Length).._length;
        }
    }

    /// <summary>The entry for the event's actor; <see cref="Entry.IsOf"/> tells whether it is written already.</summary>
    public Entry Of(EventFacts facts) => _entries[facts.Actor.Place] ??= new Entry();
}
