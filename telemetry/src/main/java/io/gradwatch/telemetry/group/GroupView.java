package io.gradwatch.telemetry.group;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** All services of the group and what they own, as of one moment. */
public record GroupView(List<Member> members) {
    static final GroupView EMPTY = new GroupView(List.of());

    public GroupView {
        members = members.stream().sorted(Comparator.comparing(Member::id)).toList();
    }

    /** Whoever owns a partition; empty while nobody does. */
    public Optional<Member> owner(int partition) {
        return members.stream()
                .filter(member -> member.partitions().contains(partition))
                .findFirst();
    }

    /** The member of this id. */
    public Optional<Member> member(String id) {
        return members.stream().filter(member -> member.id().equals(id)).findFirst();
    }
}
