package io.gradwatch.telemetry.notify;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Properties;

/** Mail by SMTP, with a connection for each message. */
final class EmailDelivery implements Delivery {
    private static final String PATIENCE_MS = "15000";
    private static final int SUBMISSION_PORT = 587;
    private static final int TLS_PORT = 465;

    private final ChannelSettings channel;
    private final Session session;
    private final int port;

    EmailDelivery(ChannelSettings channel) {
        this.channel = channel;
        boolean tls = channel.value("tls").equals("tls");
        boolean plain = channel.value("tls").equals("none");
        this.port = channel.value("port").isEmpty()
                ? tls ? TLS_PORT : SUBMISSION_PORT
                : Integer.parseInt(channel.value("port"));
        String protocol = tls ? "smtps" : "smtp";
        Properties properties = new Properties();
        properties.setProperty("mail.transport.protocol", protocol);
        for (String timeout : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
            properties.setProperty("mail." + protocol + "." + timeout, PATIENCE_MS);
        }
        properties.setProperty("mail." + protocol + ".auth", String.valueOf(!user().isEmpty()));
        properties.setProperty("mail." + protocol + ".ssl.checkserveridentity", "true");
        properties.setProperty("mail.smtp.starttls.enable", String.valueOf(!plain));
        properties.setProperty("mail.smtp.starttls.required", String.valueOf(!plain));
        this.session = Session.getInstance(properties);
    }

    private String user() {
        return channel.value("user");
    }

    @Override
    public void send(Message message) throws DeliveryException {
        try (Transport transport = session.getTransport()) {
            MimeMessage mail = new MimeMessage(session);
            mail.setFrom(new InternetAddress(channel.value("from")));
            mail.setRecipients(
                    RecipientType.TO, InternetAddress.parse(channel.value("to").replaceAll("[,\\s]+", ",")));
            mail.setSubject(message.title(), StandardCharsets.UTF_8.name());
            mail.setText(message.text(), StandardCharsets.UTF_8.name());
            mail.setHeader("X-Gradwatch-Key", message.key());
            mail.setSentDate(Date.from(message.at()));
            mail.saveChanges();
            transport.connect(
                    channel.value("host"),
                    port,
                    user().isEmpty() ? null : user(),
                    user().isEmpty() ? null : channel.value("password"));
            transport.sendMessage(mail, mail.getAllRecipients());
        } catch (MessagingException e) {
            throw new DeliveryException("the mail server did not take it: " + e.getMessage(), false);
        }
    }
}
