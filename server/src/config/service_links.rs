//! Variables that Kubernetes sets in every container for a service of the namespace.

/// Whether the variable describes a service whose name begins with `phonebill`, as
/// `PHONEBILL_SERVICE_HOST` or `PHONEBILL_PORT_8080_TCP_ADDR` do. `<NAME>_PORT`, which a mistaken
/// setting may look like, is recognised by its value, `tcp://<address>:<port>`.
pub(super) fn is_service_link(name: &str, value: &str) -> bool {
    let words: Vec<&str> = name.split('_').collect();
    let Some(("PHONEBILL", words)) = words.split_first().map(|(first, rest)| (*first, rest)) else {
        return false;
    };
    (0..words.len()).any(|end_of_name| match &words[end_of_name..] {
        ["SERVICE", "HOST" | "PORT"] => true,
        ["SERVICE", "PORT", rest @ ..] => rest.iter().all(|word| !word.is_empty()),
        ["PORT"] => ["tcp://", "udp://", "sctp://"]
            .iter()
            .any(|scheme| value.starts_with(scheme)),
        ["PORT", number, protocol] => is_port(number, protocol),
        ["PORT", number, protocol, "ADDR" | "PORT" | "PROTO"] => is_port(number, protocol),
        _ => false,
    })
}

fn is_port(number: &str, protocol: &str) -> bool {
    number.parse::<u16>().is_ok() && ["TCP", "UDP", "SCTP"].contains(&protocol)
}

#[cfg(test)]
mod tests {
    use super::is_service_link;

    #[test]
    fn service_links_are_recognised_and_mistaken_settings_are_not() {
        for (name, value, link) in [
            ("PHONEBILL_SERVICE_HOST", "10.96.0.7", true),
            ("PHONEBILL_SERVICE_PORT", "8080", true),
            ("PHONEBILL_SERVICE_PORT_HTTP", "8080", true),
            ("PHONEBILL_SERVICE_PORT_HTTP_ADMIN", "9090", true),
            ("PHONEBILL_PORT", "tcp://10.96.0.7:8080", true),
            ("PHONEBILL_PORT_8080_TCP", "tcp://10.96.0.7:8080", true),
            ("PHONEBILL_PORT_8080_TCP_ADDR", "10.96.0.7", true),
            ("PHONEBILL_PORT_8080_TCP_PORT", "8080", true),
            ("PHONEBILL_PORT_8080_TCP_PROTO", "tcp", true),
            ("PHONEBILL_ADMIN_SERVICE_HOST", "10.96.0.8", true),
            ("PHONEBILL_ADMIN_PORT", "tcp://10.96.0.8:9090", true),
            ("PHONEBILL_PORT", "8080", false),
            ("PHONEBILL_HTTP_PORT", "8080", false),
            ("PHONEBILL_PORT_8080", "8080", false),
            ("PHONEBILL_PORT_HTTP_TCP", "tcp", false),
            ("PHONEBILL_PORT_8080_TCP_NAME", "web", false),
            ("PHONEBILL_SERVICE", "phonebill", false),
            ("PHONEBILL_TYPO", "1", false),
            ("OTHER_SERVICE_HOST", "10.96.0.9", false),
        ] {
            assert_eq!(is_service_link(name, value), link, "{name}={value}");
        }
    }
}
