// Actions of the catalog: security.
import { codes } from '../code.ts';

export const SECURITY = [
  ...codes('security', [
    ['security.brute_force_detected', 'warning', 'Repeated failed sign-ins of {actor} were detected', 'S0', 'unknown'],
    ['api.rate_limited', 'warning', '{actor} exceeded the rate limit of the API', 'S0 S3', 'denied'],
    ['security.session_hijacking_detected', 'security', 'A hijacked session of {actor} was detected', 'S0', 'unknown'],
    ['security.unauthorized_access', 'security', '{actor} attempted unauthorized access to {target}', 'S0', 'denied'],
    ['security.suspicious_activity', 'security', 'Suspicious activity of {actor} was detected', 'S0 S4', 'unknown'],
    ['security.ip_changed', 'security', 'The IP address of {actor} changed', 'S4', 'unknown'],
    ['security.alert_sent', 'major', 'The security team was alerted', 'S0'],
    ['anomaly.unusual_access', 'security', '{actor} showed an unusual access pattern', 'S4', 'unknown'],
    ['anomaly.off_hours', 'security', '{actor} was active outside of working hours', 'S4', 'unknown'],
    ['anomaly.excessive_downloads', 'security', '{actor} downloaded excessively', 'S4', 'unknown'],
    ['anomaly.rapid_status_changes', 'security', '{actor} changed statuses rapidly', 'S4', 'unknown'],
    ['anomaly.geographic', 'security', '{actor} acted from an unusual place', 'S4', 'unknown'],
    ['anomaly.mass_access', 'security', '{actor} accessed many records in a short time', 'S4', 'unknown'],
    ['anomaly.new_location', 'security', '{actor} signed in from an unusual location', 'S4', 'unknown'],
    ['anomaly.failed_logins', 'security', '{actor} failed to sign in several times', 'S4', 'unknown'],
    ['anomaly.bulk_downloads', 'security', '{actor} downloaded evidence in bulk', 'S4', 'unknown'],
    ['anomaly.off_hours_administration', 'security', '{actor} changed settings after hours', 'S4', 'unknown'],
  ]),
  ...codes('security_incident', [
    ['incident.reported', 'security', '{actor} reported a security incident', 'S4', 'unknown'],
    ['incident.updated', 'security', '{actor} updated the security incident {target}', 'S4'],
    ['incident.closed', 'security', '{actor} closed the security incident {target}', 'S4'],
    ['audit.protection_touched', 'security', '{actor} touched what protects the audit trail', 'own', 'unknown'],
    // Kept for ever: what was found has to outlive what it was found in.
    ['verification.failed', 'security', 'The verification of the audit trail failed', 'S4 own', 'failure'],
    ['audit.tampering_detected', 'security', 'Tampering with the audit trail was detected', 'S4 own', 'unknown'],
  ]),
  ...codes('data_breach', [
    ['breach.detected', 'security', 'A data breach was detected', 'S4', 'unknown'],
    ['breach.notified', 'security', '{actor} gave notice of a data breach', 'S4'],
  ]),
];
