package io.gradwatch.telemetry.query;

/** How a field is compared. */
public enum Operator {
    EQUAL("="),
    UNEQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">=");

    private final String sign;

    Operator(String sign) {
        this.sign = sign;
    }

    /** As it is written. */
    public String sign() {
        return sign;
    }

    /** Whether it asks for more than (in)equality. */
    boolean ordered() {
        return this != EQUAL && this != UNEQUAL;
    }
}
