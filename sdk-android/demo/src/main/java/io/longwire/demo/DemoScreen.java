package io.longwire.demo;

import android.app.Activity;
import android.os.Build;
import android.os.Bundle;
import io.longwire.sdk.LongwireApp;
import io.longwire.sdk.LongwireException;
import io.longwire.sdk.android.Longwire;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The one screen: what the connection does, what came, and three things to say. What a button asks of the client is
 * asked on a thread beside the main one, since {@link Longwire#app} waits for the files to be open. The main thread's.
 */
public final class DemoScreen extends Activity {
    private static final String ASK_TO_NOTIFY = "android.permission.POST_NOTIFICATIONS";
    private static final String UPLINK_TYPE = "demo";

    private final ExecutorService work = Executors.newSingleThreadExecutor();
    private final Runnable refresh = this::refresh;
    private @Nullable Panel panel;

    /** Something to ask of the client. */
    private interface Wish {
        void of(LongwireApp app);
    }

    @Override
    protected void onCreate(@Nullable Bundle state) {
        super.onCreate(state);
        Panel made = new Panel(this);
        made.alias.setOnClickListener(button -> alias(made.text()));
        made.tag.setOnClickListener(button -> tag(made.text()));
        made.uplink.setOnClickListener(button -> uplink(made.text()));
        setContentView(made.root());
        panel = made;
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
            requestPermissions(new String[]{ASK_TO_NOTIFY}, 0);
        }
    }

    @Override
    protected void onStart() {
        super.onStart();
        board().watch(refresh);
        refresh();
    }

    @Override
    protected void onStop() {
        board().leave(refresh);
        super.onStop();
    }

    @Override
    protected void onDestroy() {
        work.shutdown();
        super.onDestroy();
    }

    private void refresh() {
        Panel known = panel;
        if (known != null) {
            known.show(board().view());
        }
    }

    private void alias(String name) {
        ask(app -> app.bindAlias(name).whenDone(result -> board().add("alias " + name + ": " + result)));
    }

    private void tag(String name) {
        ask(app -> app.addTags(name).whenDone(result -> board().add("tag " + name + ": " + result)));
    }

    private void uplink(String text) {
        ask(app -> app.send(UPLINK_TYPE, text.getBytes(StandardCharsets.UTF_8))
                .whenDone(result -> board().add("uplink " + text + ": " + result)));
    }

    // What breaks a rule, an empty alias for one, is said in the list.
    private void ask(Wish wish) {
        work.execute(() -> {
            try {
                wish.of(Longwire.app());
            } catch (LongwireException wrong) {
                board().onProblem(String.valueOf(wrong.getMessage()));
            }
        });
    }

    private Board board() {
        return ((DemoApp) getApplication()).board();
    }
}
