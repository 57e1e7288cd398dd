// The codes that the requirement documents ask for.
import type { Source } from '../../../core/catalog/catalog.ts';

/** The words of the requirement documents, heading by heading, and the actions that record what they ask for. */
type Wording = readonly [words: string, ...actions: string[]];

export interface Heading {
  readonly source: Source;
  /** When the document uses the heading as a category of events: it is the label of one. */
  readonly category?: string;
  readonly heading: string;
  readonly wordings: readonly Wording[];
}

const life = (noun: string): string[] => [`${noun}.created`, `${noun}.updated`, `${noun}.deleted`];
const managed = (noun: string): string[] => ['created', 'updated', 'deleted'].map((verb) => `staff.${noun}_${verb}`);

export const REQUIRED: readonly Heading[] = [
  {
    source: 'S0',
    heading: 'Authentication Events',
    wordings: [
      ['auth.login.success', 'auth.login.success'],
      ['auth.login.failure', 'auth.login.failure'],
      ['auth.password_changed', 'auth.password_changed'],
      ['auth.2fa_enabled', 'auth.2fa_enabled'],
      ['auth.logout', 'auth.logout'],
    ],
  },
  {
    source: 'S0',
    heading: 'Data Access & Modification Events',
    wordings: [
      ['customer.created/customer.updated/customer.deleted', ...life('customer')],
      ['payment.created/payment.updated/payment.deleted', ...life('payment')],
      ['note.created/note.viewed', 'note.created', 'note.viewed'],
      ['file.uploaded/file.downloaded/file.deleted', 'file.uploaded', 'file.downloaded', 'file.deleted'],
      ['data.exported', 'data.exported'],
    ],
  },
  {
    source: 'S0',
    heading: 'Security Events, with their automatic actions',
    category: 'Security Events',
    wordings: [
      ['Brute force detected', 'security.brute_force_detected'],
      ['Account locked 30 min', 'account.locked'],
      ['API rate limit exceeded', 'api.rate_limited'],
      ['Session hijacking detected', 'security.session_hijacking_detected'],
      ['Session invalidated', 'session.invalidated'],
      ['Unauthorized access attempt', 'security.unauthorized_access'],
      ['Alert security team', 'security.alert_sent'],
      ['suspicious activity', 'security.suspicious_activity'],
    ],
  },
  {
    source: 'S0',
    heading: 'What Gets Logged: Data Access',
    category: 'Data Access',
    wordings: [
      ['View client', 'customer.viewed'],
      ['edit payment', 'payment.updated'],
      ['delete note', 'note.deleted'],
    ],
  },
  {
    source: 'S0',
    heading: 'What Gets Logged: Data Modifications',
    category: 'Data Modifications',
    wordings: [
      ['Create customer', 'customer.created'],
      ['update appointment', 'appointment.updated'],
    ],
  },
  {
    source: 'S0',
    heading: 'What Gets Logged: Administrative',
    category: 'Administrative',
    wordings: [
      ['Change settings', 'settings.changed'],
      ['add team member', 'team.member_added'],
    ],
  },
  {
    source: 'S0',
    heading: 'What Gets Logged: Payment Events',
    category: 'Payment Events',
    wordings: [
      ['Card stored', 'payment.card_stored'],
      ['payment processed', 'payment.processed'],
    ],
  },
  { source: 'S0', heading: 'Retention Periods', category: 'Payment/Billing', wordings: [] },
  { source: 'S0', heading: 'Retention Periods', category: 'System/Errors', wordings: [] },
  {
    source: 'S1',
    heading: 'What is Logged: Authentication',
    category: 'Authentication',
    wordings: [
      ['success/failure', 'auth.login.success', 'auth.login.failure'],
      ['Login Activity', 'auth.logout'],
    ],
  },
  {
    source: 'S1',
    heading: 'What is Logged: Application Actions',
    category: 'Application Actions',
    wordings: [
      ['APPLICATION_APPROVED', 'application.approved'],
      ['action, before/after state', 'application.state_changed', 'application.updated'],
      ['IN_REVIEW', 'application.submitted', 'application.reviewed', 'application.rejected'],
    ],
  },
  {
    source: 'S1',
    heading: 'What is Logged: Document Access',
    category: 'Document Access',
    wordings: [['action (view/download)', 'document.viewed', 'document.downloaded']],
  },
  {
    source: 'S1',
    heading: 'What is Logged: Configuration Changes',
    category: 'Configuration Changes',
    wordings: [['setting, old value, new value', 'configuration.changed']],
  },
  {
    source: 'S1',
    heading: 'What is Logged: System Events',
    category: 'System Events',
    wordings: [['Service, event type, severity', 'system.event']],
  },
  { source: 'S1', heading: 'Log Retention', category: 'Debug logs', wordings: [['Debug logs', 'debug.logged']] },
  {
    source: 'S2',
    heading: 'What to log: Authentication events',
    category: 'Authentication events',
    wordings: [
      ['sign-in', 'auth.login.success'],
      ['sign-out', 'auth.logout'],
      ['failed sign-ins', 'auth.login.failure'],
      ['SSO assertions', 'auth.sso_asserted'],
    ],
  },
  {
    source: 'S2',
    heading: 'What to log: Admin actions',
    category: 'Admin actions',
    wordings: [
      ['user invites', 'user.invited'],
      ['role changes', 'user.role_changed'],
      ['tenant integration updates', 'integration.updated'],
      ['secret rotations', 'secret.rotated'],
      ['a tenant requests data removal', 'tenant.data_removal_requested', 'tenant.data_removed'],
    ],
  },
  {
    source: 'S2',
    heading: 'What to log: Data changes to sensitive objects',
    category: 'Data changes to sensitive objects',
    wordings: [
      ['clients', ...life('client')],
      ['properties', ...life('property')],
      ['invoices', ...life('invoice')],
      ['payments', ...life('payment')],
      ['any PII', ...life('personal_data')],
    ],
  },
  {
    source: 'S2',
    heading: 'What to log: Webhook deliveries & external integration errors',
    category: 'Webhook deliveries & external integration errors',
    wordings: [
      ['Webhook deliveries', 'webhook.delivery.success', 'webhook.delivery.failure'],
      ['external integration errors', 'integration.failed'],
    ],
  },
  {
    source: 'S2',
    heading: 'What to log: System events',
    category: 'System events',
    wordings: [
      ['failed background jobs', 'job.failed'],
      ['server-side function failures', 'function.failed'],
    ],
  },
  {
    source: 'S2',
    heading: 'Tamper resistance: logging of log-access events',
    wordings: [['log-access events', 'audit.entry_viewed', 'audit.searched']],
  },
  {
    source: 'S3',
    heading: 'Core CRUD',
    category: 'Core CRUD',
    wordings: [
      ['Create, Read, Update, Delete operations', ...life('record'), 'record.read'],
      ['Login/Logout events', 'auth.login.success', 'auth.logout'],
      ['Submission, Approval, Rejection', 'submission.submitted', 'submission.approved', 'submission.rejected'],
      ['Data exports', 'data.exported'],
    ],
  },
  {
    source: 'S3',
    heading: 'Documents & Signatures',
    category: 'Documents & Signatures',
    wordings: [
      ['Digital signature captures', 'signature.captured'],
      ['Document uploads/downloads', 'document.uploaded', 'document.downloaded'],
      ['Notification sending', 'notification.sent'],
      ['Password changes', 'auth.password_changed'],
    ],
  },
  {
    source: 'S3',
    heading: 'Parent Portal',
    category: 'Parent Portal',
    wordings: [
      ['Parent verification and login', 'portal.parent_verified', 'portal.login.success', 'portal.login.failure'],
      ['Dashboard and form views', 'portal.dashboard_viewed', 'portal.form_viewed'],
      [
        'Child details, medical info updates',
        'portal.child_viewed',
        'portal.child_updated',
        'portal.medical_info_updated',
      ],
      ['Legal ID uploads and signature completion', 'portal.legal_id_uploaded', 'portal.signature_completed'],
    ],
  },
  {
    source: 'S3',
    heading: 'Errors',
    category: 'Errors',
    wordings: [
      ['Server and client errors', 'error.server', 'error.client'],
      ['Validation failures', 'error.validation'],
      ['404 Not Found, Unauthorized', 'error.not_found', 'error.unauthorized'],
      ['JavaScript errors, API errors', 'error.javascript', 'error.api'],
    ],
  },
  {
    source: 'S3',
    heading: 'Report Builder',
    category: 'Report Builder',
    wordings: [
      ['Report creation and modifications', 'report.created', 'report.modified'],
      ['Report runs (started, completed, failed)', 'report.run_started', 'report.run_completed', 'report.run_failed'],
      ['Schedule management', 'report.schedule_created', 'report.schedule_updated', 'report.schedule_deleted'],
      ['Artefact downloads', 'report.artefact_downloaded'],
    ],
  },
  {
    source: 'S3',
    heading: 'Page Views',
    category: 'Page Views',
    wordings: [
      ['All page navigation', 'page.viewed'],
      ['Dashboard, listing, details views', 'page.dashboard_viewed', 'page.listing_viewed', 'page.details_viewed'],
      ['Search, filter, sort actions', 'page.searched', 'page.filtered', 'page.sorted'],
      ['Form views and pagination', 'page.form_viewed', 'page.paginated'],
    ],
  },
  {
    source: 'S3',
    heading: 'Staff Portal',
    category: 'Staff Portal',
    wordings: [
      ['Child and parent record management', ...managed('child'), ...managed('parent')],
      ['Submission and period management', ...managed('submission'), ...managed('period')],
      ['User and document management', ...managed('user'), ...managed('document')],
      ['Settings and help access', 'staff.settings_viewed', 'staff.settings_changed', 'staff.help_viewed'],
    ],
  },
  {
    source: 'S3',
    heading: 'Manager Actions',
    category: 'Manager Actions',
    wordings: [
      ['Approvals and rejections', 'manager.approved', 'manager.rejected'],
      ['Reviews and overrides', 'manager.reviewed', 'manager.overridden'],
      ['Exports and bulk actions', 'manager.exported', 'manager.bulk_action'],
      ['Assisted mode enabling', 'manager.assisted_mode_enabled'],
    ],
  },
  {
    source: 'S3',
    heading: 'Admin Actions',
    category: 'Admin Actions',
    wordings: [
      ['User management', ...life('user')],
      ['System settings changes', 'settings.changed'],
      ['Data archival and imports', 'data.archived', 'data.imported'],
      ['Submission reversions', 'submission.reverted'],
    ],
  },
  {
    source: 'S3',
    heading: 'Assisted Submission',
    category: 'Assisted Submission',
    wordings: [
      ['Mode started/enabled events', 'assisted.mode_started', 'assisted.mode_enabled'],
      ['All form step views and updates', 'assisted.step_viewed', 'assisted.step_updated'],
      ['Agreement confirmation', 'assisted.agreement_confirmed'],
      ['Signature completion', 'assisted.signature_completed'],
    ],
  },
  {
    source: 'S3',
    heading: 'API',
    category: 'API',
    wordings: [
      ['API authentication attempts', 'api.auth.success', 'api.auth.failure'],
      ['CRUD operations via API', 'api.record_created', 'api.record_read', 'api.record_updated', 'api.record_deleted'],
      ['Rate limiting events', 'api.rate_limited'],
      ['Export operations', 'api.exported'],
    ],
  },
  {
    source: 'S3',
    heading: 'Session & Security',
    category: 'Session & Security',
    wordings: [
      ['Session start/end/timeout', 'session.started', 'session.ended', 'session.timed_out'],
      ['Password reset requests', 'auth.password_reset_requested'],
      ['Account lock/unlock', 'account.locked', 'account.unlocked'],
      ['Email/phone verification', 'account.email_verified', 'account.phone_verified'],
    ],
  },
  {
    source: 'S3',
    heading: 'Data Access',
    category: 'Data Access',
    wordings: [
      ['Data exports and imports', 'data.exported', 'data.imported'],
      ['Bulk updates and deletes', 'data.bulk_updated', 'data.bulk_deleted'],
      ['Sensitive data access (PII, NI numbers)', 'data.sensitive_viewed', 'data.pii_viewed', 'data.ni_number_viewed'],
      ['Medical data viewing', 'data.medical_viewed'],
    ],
  },
  {
    source: 'S3',
    heading: 'Viewing Audit Logs, Audit Retention',
    wordings: [
      ['Search IP addresses, user agents, or data values', 'audit.searched', 'audit.entry_viewed'],
      ['View Changes', 'audit.changes_viewed'],
      ['View Audit History', 'audit.history_viewed'],
      ['Export to Excel', 'audit.exported'],
      ['all archival actions are themselves audited', 'audit.archived', 'audit.expired', 'retention.policy_set'],
    ],
  },
  {
    source: 'S4',
    heading: 'Account Activities',
    category: 'Account Activities',
    wordings: [
      ['Login attempts (successful and failed)', 'auth.login.success', 'auth.login.failure'],
      ['Logout events', 'auth.logout'],
      ['Password changes', 'auth.password_changed'],
      ['MFA setup and changes', 'auth.2fa_enabled', 'auth.2fa_changed', 'auth.2fa_disabled'],
      ['Email address updates', 'account.email_updated'],
      ['Account creation', 'account.created'],
      ['Account deactivation', 'account.deactivated', 'account.deleted'],
      ['Permission changes', 'account.permission_changed', 'account.permission_elevated'],
    ],
  },
  {
    source: 'S4',
    heading: 'Case Activities',
    category: 'Case Activities',
    wordings: [
      ['Case viewed', 'case.viewed'],
      ['Case assigned/reassigned', 'case.assigned', 'case.reassigned'],
      ['Status changed', 'case.status_changed'],
      ['Notes added or edited', 'case.note_added', 'case.note_edited'],
      ['Evidence uploaded', 'case.evidence_uploaded'],
      ['Evidence downloaded', 'case.evidence_downloaded'],
      ['Evidence deleted', 'case.evidence_deleted'],
      ['Messages sent', 'case.message_sent'],
      ['Tags added/removed', 'case.tag_added', 'case.tag_removed'],
      ['Priority changed', 'case.priority_changed'],
      ['acknowledgment within 7 days, feedback within 3 months', 'case.acknowledged', 'case.feedback_given'],
    ],
  },
  {
    source: 'S4',
    heading: 'Administrative Actions',
    category: 'Administrative Actions',
    wordings: [
      ['Team member invited', 'team.member_invited'],
      ['User role changed', 'user.role_changed'],
      ['Organization settings modified', 'organization.settings_changed', 'settings.changed'],
      ['Branding updated', 'branding.updated'],
      ['Domain configured', 'domain.configured'],
      ['Subscription changed', 'subscription.changed'],
      ['Integrations configured', 'integration.configured'],
      ['Retention policies set', 'retention.policy_set'],
      ['Legal holds applied/released', 'hold.applied', 'hold.released'],
    ],
  },
  {
    source: 'S4',
    heading: 'Automatic Activities',
    category: 'Automatic Activities',
    wordings: [
      ['Report submitted', 'case.report_submitted'],
      ['Auto-assignment triggered', 'case.auto_assigned'],
      ['Notification sent', 'notification.sent'],
      ['Scheduled tasks run', 'task.run'],
      ['Data archiving', 'data.archived'],
      ['Data deletion', 'data.deleted'],
      ['Backup completion', 'backup.completed'],
      ['System health checks', 'health.checked'],
    ],
  },
  {
    source: 'S4',
    heading: 'Security Events',
    category: 'Security Events',
    wordings: [
      ['Failed authentication attempts', 'auth.login.failure', 'api.auth.failure'],
      ['Account lockouts', 'account.locked'],
      ['Suspicious activity detected', 'security.suspicious_activity'],
      ['IP address changes', 'security.ip_changed'],
      ['Session timeouts', 'session.timed_out'],
      ['API access', 'api.accessed'],
      ['Integration connections', 'integration.connected'],
      ['Certificate renewals', 'certificate.renewed'],
    ],
  },
  {
    source: 'S4',
    heading: 'Never Deleted: Security incidents',
    category: 'Security incidents',
    wordings: [['Security incidents', 'incident.reported', 'incident.updated', 'incident.closed']],
  },
  {
    source: 'S4',
    heading: 'Never Deleted: Data breaches',
    category: 'Data breaches',
    wordings: [['Data breaches', 'breach.detected', 'breach.notified']],
  },
  {
    source: 'S4',
    heading: 'Never Deleted: Legal hold events',
    category: 'Legal hold events',
    wordings: [['Legal hold events', 'hold.applied', 'hold.released']],
  },
  {
    source: 'S4',
    heading: 'Never Deleted: Compliance violations',
    category: 'Compliance violations',
    wordings: [['Compliance violations', 'compliance.violation_detected']],
  },
  {
    source: 'S4',
    heading: 'Never Deleted: Administrative sanctions',
    category: 'Administrative sanctions',
    wordings: [['Administrative sanctions', 'sanction.imposed']],
  },
  {
    source: 'S4',
    heading: 'Anomaly Detection',
    wordings: [
      ['Unusual access patterns', 'anomaly.unusual_access'],
      ['Off-hours activity', 'anomaly.off_hours'],
      ['Excessive downloads', 'anomaly.excessive_downloads'],
      ['Rapid status changes', 'anomaly.rapid_status_changes'],
      ['Geographic anomalies', 'anomaly.geographic'],
      ['User accessing 100+ cases in 1 hour', 'anomaly.mass_access'],
      ['Login from unusual location', 'anomaly.new_location'],
      ['Multiple failed login attempts', 'anomaly.failed_logins'],
      ['Bulk evidence downloads', 'anomaly.bulk_downloads'],
      ['After-hours administrative changes', 'anomaly.off_hours_administration'],
    ],
  },
  {
    source: 'S4',
    heading: 'Integrity Verification, Exporting, Review',
    wordings: [
      ['Integrity verified', 'verification.passed'],
      ['Tampering detected', 'verification.failed', 'audit.tampering_detected'],
      ['Exporting Audit Logs', 'audit.exported'],
      ['Audit Reports', 'audit.report_run'],
      ['Create Review Log', 'audit.reviewed'],
    ],
  },
];
